import {
  defineTool,
  Tool,
  type InputOf,
  type OutputOf,
  type ToolCall,
  type ToolHandler,
} from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { actorOf } from '../desk/actor.ts';
import { PaymentView, paymentView } from '../desk/payment.view.ts';
import type { PaymentOperation } from '../domain/operation.ts';
import { OperationLog } from '../store/operation-log.ts';
import { PaymentStore } from '../store/payment.store.ts';
import { CARD_NUMBER_REFUSED, NO_CARD_NUMBERS, paymentInput } from './inputs.ts';

const Found = z.object({
  tool: z.string().describe('The tool that the key was used with.'),
  status: z.enum(['approval_required', 'under_way', 'succeeded', 'refused']),
  error_code: z.string().optional().describe('Why it was refused.'),
  payment: PaymentView,
});

const findPaymentByKey = defineTool({
  name: 'find_payment_by_key',
  title: 'Find a payment by its key',
  description:
    'Tells what you have begun with an idempotency_key, however long ago, and how its payment stands now. Use it when you ' +
    'are not sure whether a call came through; to get its answer, repeat the call itself with the same key. Keys of other ' +
    'principals are not found. Returns one item for each tool that the key was used with; none if nothing was begun, so ' +
    `that the call can be made with it. Errors: ${NO_CARD_NUMBERS}. At most 120 calls a minute.`,
  input: paymentInput({
    key: z.string().min(8).max(200).describe('The idempotency_key that was sent.'),
  }),
  output: z.object({ items: z.array(Found) }),
  scopes: ['payments:read'],
  effect: 'read',
  errors: [CARD_NUMBER_REFUSED],
});

/** Finds payments by the key they were made with. */
@Injectable()
@Tool(findPaymentByKey)
export class FindPaymentByKeyTool implements ToolHandler<typeof findPaymentByKey> {
  constructor(
    private readonly operations: OperationLog,
    private readonly payments: PaymentStore,
  ) {}

  async call(
    { key }: InputOf<typeof findPaymentByKey>,
    { principal }: ToolCall,
  ): Promise<OutputOf<typeof findPaymentByKey>> {
    const begun = await this.operations.listByKey(actorOf(principal), key);
    const items = begun.map(async (operation) => ({
      tool: operation.tool,
      ...outcomeOf(operation),
      payment: paymentView((await this.payments.find(operation.paymentId))!),
    }));
    return { items: await Promise.all(items) };
  }
}

function outcomeOf({ phase, answer }: PaymentOperation): Omit<z.input<typeof Found>, 'tool' | 'payment'> {
  if (answer)
    return 'error' in answer ? { status: 'refused', error_code: answer.error.code } : { status: 'succeeded' };
  return { status: phase === 'awaiting_approval' ? 'approval_required' : 'under_way' };
}
