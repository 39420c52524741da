import {
  defineTool,
  Tool,
  type InputOf,
  type OutputOf,
  type RunningCall,
  type ToolHandler,
} from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { PaymentDesk } from '../desk/payment-desk.ts';
import { PaymentView } from '../desk/payment.view.ts';
import { CHARGE_LIMITS } from './charge.ts';
import { CARD_NUMBER_REFUSED, NO_CARD_NUMBERS, partialAmount, paymentId, paymentInput } from './inputs.ts';

const refundPayment = defineTool({
  name: 'refund_payment',
  title: 'Give money back',
  description:
    'Gives money of a captured payment back to the customer: all that is left or a part, any number of times, together ' +
    'never more than was captured. Use cancel_payment if the money was only held. Each refund needs an idempotency_key of ' +
    'its own; repeat the same one after a timeout or dependency_unavailable. Returns the payment with its new ' +
    'amount_refunded. ' +
    `Errors: payment_not_found (see list_payments), payment_not_refundable (its state says why), amount_exceeds_captured (give back at most details.refundable), refund_failed (the bank sent it back: tell the user), payment_busy (wait, look with get_payment, decide again), request_refused (tell the user), ${NO_CARD_NUMBERS}. At most ${CHARGE_LIMITS.callsPerMinute} calls a minute.`,
  input: paymentInput({ payment_id: paymentId, amount: partialAmount }),
  output: PaymentView,
  scopes: ['payments:write'],
  effect: 'external',
  errors: [
    'payment_not_found',
    'payment_not_refundable',
    'amount_exceeds_captured',
    'refund_failed',
    'payment_busy',
    'request_refused',
    CARD_NUMBER_REFUSED,
  ],
  limits: CHARGE_LIMITS,
});

/** Gives money back. */
@Injectable()
@Tool(refundPayment)
export class RefundPaymentTool implements ToolHandler<typeof refundPayment> {
  constructor(private readonly desk: PaymentDesk) {}

  call(
    { payment_id: paymentId, amount }: InputOf<typeof refundPayment>,
    call: RunningCall,
  ): Promise<OutputOf<typeof refundPayment>> {
    return this.desk.refund(call, { paymentId, amount });
  }
}
