// A process beside jest: starts the server, tells its parent, and stops it when the parent is gone.
import { startTestPostgres, type TestPostgres } from './postgres-server.ts';

/** What the keeper tells its parent. */
export type KeptServer = Pick<TestPostgres, 'url' | 'description'>;

const server = await startTestPostgres();
process.once('disconnect', () => void server.stop());
if (process.connected)
  process.send?.({ url: server.url, description: server.description } satisfies KeptServer);
else await server.stop();
