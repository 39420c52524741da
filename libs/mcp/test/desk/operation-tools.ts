import { businessError } from '@gantry/errors';
import {
  defineOperation,
  OperationHandler,
  Operations,
  operationView,
  type OperationRun,
  type RunsOperation,
} from '@gantry/jobs';
import {
  defineTool,
  Tool,
  type InputOf,
  type OutputOf,
  type ToolCall,
  type ToolHandler,
} from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

const countUp = defineOperation({
  kind: 'count_up',
  input: z.object({ ending: z.enum(['good', 'refused', 'never']) }),
  state: z.object({ at: z.number() }),
  result: z.object({ counted: z.number() }),
});

/** Counts to two, or for ever. */
@Injectable()
@OperationHandler(countUp)
export class CountUp implements RunsOperation<typeof countUp> {
  async run({ ending }: { ending: string }, operation: OperationRun<{ at: number }>) {
    for (let at = 1; at <= 2 || ending === 'never'; at++) {
      await operation.checkpoint(() =>
        Promise.resolve({ state: { at }, progress: { done: at, message: `counted to ${at}` } }),
      );
      if (ending === 'never') await sleep(50, undefined, { signal: operation.signal });
    }
    if (ending === 'refused') throw businessError('cannot_count', 'No more numbers.', 'Count less.');
    return { counted: 2 };
  }
}

const startCounting = defineTool({
  name: 'start_counting',
  title: 'Count',
  description: 'Counts in the background.',
  input: z.strictObject({ ending: z.enum(['good', 'refused', 'never', 'at once', 'rolled back']) }),
  output: z.object({ operation: operationView.optional(), counted: z.number().optional() }),
  scopes: ['things:write'],
  effect: 'create',
  startsOperation: true,
});

/** Starts an operation, or is done at once. */
@Injectable()
@Tool(startCounting)
export class StartCountingTool implements ToolHandler<typeof startCounting> {
  constructor(private readonly operations: Operations) {}

  async call(
    { ending }: InputOf<typeof startCounting>,
    call: ToolCall,
  ): Promise<OutputOf<typeof startCounting>> {
    if (ending === 'at once') return { counted: 1 };
    const kind = ending === 'rolled back' ? 'good' : ending;
    const operation = await this.operations.start(call, countUp, { ending: kind });
    if (ending === 'rolled back') throw new Error('too bad');
    return { operation };
  }
}
