import { pageInput, pageOutput, Pages, pickFields } from '@gantry/pagination';
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
import { PaymentView, paymentView } from '../desk/payment.view.ts';
import { PAYMENT_STATES, type PaymentState } from '../domain/payment-state-machine.ts';
import { PaymentStore } from '../store/payment.store.ts';
import { CARD_NUMBER_REFUSED, currency, NO_CARD_NUMBERS, paymentInput } from './inputs.ts';

const FIELDS = { allowed: Object.keys(PaymentView.shape), always: ['id'] } as const;

const listPayments = defineTool({
  name: 'list_payments',
  title: 'List payments',
  description:
    'Lists payments, the latest first, in pages. Use it to find a payment by the reference of the merchant, those that ' +
    'wait for approval (state approval_required), or those whose outcome is being found out (state unknown). Use ' +
    'get_payment if you have the id. Name fields to keep pages small. Errors: ' +
    `${NO_CARD_NUMBERS}. At most 120 calls a minute.`,
  input: paymentInput({
    state: z
      .enum(PAYMENT_STATES as [PaymentState, ...PaymentState[]])
      .optional()
      .describe('Only payments in this state.'),
    currency: currency.optional(),
    reference: z.string().min(1).max(200).optional().describe('Only payments with exactly this reference.'),
    ...pageInput,
  }),
  output: pageOutput(PaymentView, FIELDS.always),
  scopes: ['payments:read'],
  effect: 'read',
  errors: [CARD_NUMBER_REFUSED],
});

/** Lists payments. */
@Injectable()
@Tool(listPayments)
export class ListPaymentsTool implements ToolHandler<typeof listPayments> {
  constructor(
    private readonly payments: PaymentStore,
    private readonly pages: Pages,
  ) {}

  async call(input: InputOf<typeof listPayments>, call: ToolCall): Promise<OutputOf<typeof listPayments>> {
    const { state, currency, reference, fields, limit, cursor } = input;
    const pick = pickFields(fields, FIELDS);
    const query = { state, currency, reference };
    const before = this.pages.position<[string]>(call, query, cursor)?.[0];
    const rows = await this.payments.list({ state, currency, reference, before, limit: limit + 1 });
    return this.pages.page({
      call,
      query,
      rows,
      limit,
      positionOf: ({ id }) => [id],
      toItem: (payment) => pick(paymentView(payment)),
    });
  }
}
