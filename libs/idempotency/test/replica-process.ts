// A replica in a process of its own, which a test can kill. It takes one order at a time from its parent.
import { setTimeout as sleep } from 'node:timers/promises';
import { startReplica, type Answer } from './replica.ts';

/** What a parent can ask for. */
export interface Order {
  readonly key: string;
  readonly thing: string;
  /** How many identical calls at once. */
  readonly calls: number;
  /** What the handler does once it has added the thing. */
  readonly then: 'answer' | 'answer slowly' | 'hang';
}

/** What a parent hears. */
export type Report =
  { readonly ready: true } | { readonly added: string } | { readonly answers: readonly Answer[] };

function report(message: Report): void {
  process.send!(message);
}

const replica = await startReplica(process.env['TEST_DATABASE_URL']!);

process.on('message', async ({ key, thing, calls, then }: Order) => {
  const create = replica.tool('create', async () => {
    await replica.addThing(thing);
    report({ added: thing });
    if (then === 'answer slowly') await sleep(50);
    if (then === 'hang') await new Promise(() => setInterval(() => {}, 1_000));
    return { thing, process: process.pid };
  });
  const answers = await Promise.all(Array.from({ length: calls }, () => create({ key, input: { thing } })));
  report({ answers });
});

// A parent that has died asks for nothing more.
process.on('disconnect', () => process.exit());

report({ ready: true });
