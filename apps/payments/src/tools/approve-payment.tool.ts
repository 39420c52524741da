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
import { Approvals } from '../desk/approvals.ts';
import { PaymentView, paymentView } from '../desk/payment.view.ts';
import { CARD_NUMBER_REFUSED, NO_CARD_NUMBERS, paymentId, paymentInput } from './inputs.ts';

const approvePayment = defineTool({
  name: 'approve_payment',
  title: 'Decide about a payment',
  description:
    'Approves or rejects a payment that somebody else asked for and that is above the limit. Only use it when the person ' +
    'you act for has looked at the payment (get_payment shows it) and said so: the decision is final and kept with their ' +
    'name. An approved payment is charged at once, in the background: look with get_payment some seconds later. A ' +
    'rejected one is cancelled. Errors: payment_not_found (see list_payments), approval_not_possible (it does not wait ' +
    `for approval, or you asked for it yourself: somebody else has to decide), ${NO_CARD_NUMBERS}. At most 60 calls a minute.`,
  input: paymentInput({
    payment_id: paymentId,
    decision: z.enum(['approved', 'rejected']).describe('What the person decided.'),
    reason: z.string().min(1).max(500).optional().describe('Why, in their words. It is kept.'),
  }),
  output: PaymentView,
  scopes: ['payments:approve'],
  effect: 'update',
  errors: ['payment_not_found', 'approval_not_possible', CARD_NUMBER_REFUSED],
  limits: { callsPerMinute: 60 },
});

/** Lets a second principal decide. The charge itself is a job's: the decision commits before any money moves. */
@Injectable()
@Tool(approvePayment)
export class ApprovePaymentTool implements ToolHandler<typeof approvePayment> {
  constructor(private readonly approvals: Approvals) {}

  async call(
    { payment_id: paymentId, decision, reason }: InputOf<typeof approvePayment>,
    call: ToolCall,
  ): Promise<OutputOf<typeof approvePayment>> {
    return paymentView(await this.approvals.decide(call, paymentId, decision, reason ?? null));
  }
}
