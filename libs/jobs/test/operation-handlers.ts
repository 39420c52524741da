import { setTimeout as sleep } from 'node:timers/promises';
import { businessError, sharedError } from '@gantry/errors';
import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import {
  CancelOperationTool,
  CheckOperationStatusTool,
  defineOperation,
  OperationHandler,
  type OperationRun,
  type RunsOperation,
} from '../src/index.ts';
import { addThing } from './replica.ts';

const state = z.object({ next: z.number() });

/** Adds `count` things named `name 0`, `name 1`, …, ten to a checkpoint. */
export const fill = defineOperation({
  kind: 'fill',
  input: z.strictObject({
    name: z.string(),
    count: z.number(),
    /** Between a batch and its checkpoint, in the transaction. */
    pause_ms: z.number().optional(),
    /** How the work goes wrong in the batch that begins with this thing. */
    at: z.number().optional(),
    trouble: z.enum(['refused', 'bug', 'unavailable once', 'crash', 'huge result', 'deaf']).optional(),
  }),
  state,
  result: z.object({ added: z.number(), resumed_at: z.number(), padding: z.string().optional() }),
});

/** Runs that began in this process: where. */
export const began: { name: string; at: number }[] = [];

const BATCH = 10;

@Injectable()
@OperationHandler(fill)
export class Filler implements RunsOperation<typeof fill> {
  constructor(private readonly database: Database) {}

  async run(
    { name, count, pause_ms = 0, at, trouble }: z.output<(typeof fill)['input']>,
    operation: OperationRun<z.output<typeof state>>,
  ): Promise<z.input<(typeof fill)['result']>> {
    const start = operation.state?.next ?? 0;
    began.push({ name, at: start });
    if (trouble === 'crash' && at === start) process.kill(process.pid, 'SIGKILL');
    for (let first = start; first < count; first += BATCH) {
      if (at === first && trouble === 'deaf') {
        await sleep(pause_ms);
        continue;
      }
      await operation.checkpoint(async () => {
        const next = Math.min(first + BATCH, count);
        for (let index = first; index < next; index += 1) {
          await addThing(this.database, `${name} ${index}`, operation.owner.tenant);
        }
        if (at === first) this.#fail(name, trouble);
        await sleep(pause_ms);
        return { state: { next }, progress: { done: next, total: count, message: `${next} of ${count}` } };
      });
    }
    return {
      added: count,
      resumed_at: start,
      ...(trouble === 'huge result' && { padding: 'x'.repeat(2 ** 20) }),
    };
  }

  #fail(name: string, trouble: string | undefined): void {
    if (trouble === 'refused') throw businessError('thing_refused', 'No such thing may be.', 'Leave it out.');
    if (trouble === 'bug') throw new TypeError('secret internals');
    const runs = began.filter((run) => run.name === name).length;
    if (trouble === 'unavailable once' && runs === 1) {
      throw sharedError('dependency_unavailable', 'Come back.', { retryAfterSeconds: 1 });
    }
  }
}

export const operationProviders = [Filler, CheckOperationStatusTool, CancelOperationTool];
