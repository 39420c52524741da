// A replica in a process of its own, which a test can kill. It calls one tool until then, several calls at a time.
import { startReplica } from './replica.ts';

/** What a parent hears: a call was answered. */
export interface Report {
  readonly requestId: string;
}

const [effect, inParallel] = process.argv.slice(2);
const replica = await startReplica(process.env['TEST_DATABASE_URL']!, {
  MCP_AUDIT_FLUSH_MS: process.env['TEST_FLUSH_MS']!,
});

const call =
  effect === 'read'
    ? replica.tool('read', async () => (await replica.things(), {}))
    : replica.tool('create', async (_input, { requestId }) => (await replica.addThing(requestId), {}));

async function callForEver(): Promise<never> {
  for (;;) {
    const { requestId } = await call();
    process.send!({ requestId } satisfies Report);
  }
}

// A parent that has died hears nothing more.
process.on('disconnect', () => process.exit());

for (let caller = 0; caller < Number(inParallel); caller++) void callForEver();
