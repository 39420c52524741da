// A replica in a process of its own, which a test can kill.
import { handlers } from './handlers.ts';
import { operationProviders } from './operation-handlers.ts';
import { startReplica } from './replica.ts';
import { Ticker } from './ticker.ts';

const { TEST_DATABASE_URL, ...env } = process.env;
const settings = Object.entries(env).filter(([name]) => name.startsWith('MCP_')) as [string, string][];
await startReplica(
  TEST_DATABASE_URL!,
  [...handlers, ...operationProviders, Ticker],
  Object.fromEntries(settings),
);

// A parent that has died needs no replica any more.
process.on('disconnect', () => process.exit());
process.send!('ready');
