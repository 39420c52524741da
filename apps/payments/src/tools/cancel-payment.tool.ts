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
import { CARD_NUMBER_REFUSED, NO_CARD_NUMBERS, paymentId, paymentInput } from './inputs.ts';

const cancelPayment = defineTool({
  name: 'cancel_payment',
  title: 'Call a payment off',
  description:
    'Releases the money of an authorized payment, or calls off one that waits for approval. Use it when nothing is to be ' +
    'charged any more; use refund_payment once the money was taken. Returns the payment, cancelled. After a timeout or ' +
    'dependency_unavailable repeat it with the same idempotency_key. ' +
    `Errors: payment_not_found (see list_payments), payment_not_cancellable (its state says what to do instead), payment_busy (wait, look with get_payment, decide again), request_refused (tell the user), ${NO_CARD_NUMBERS}. At most ${CHARGE_LIMITS.callsPerMinute} calls a minute.`,
  input: paymentInput({ payment_id: paymentId }),
  output: PaymentView,
  scopes: ['payments:write'],
  effect: 'external',
  errors: [
    'payment_not_found',
    'payment_not_cancellable',
    'payment_busy',
    'request_refused',
    CARD_NUMBER_REFUSED,
  ],
  limits: CHARGE_LIMITS,
});

/** Calls payments off. */
@Injectable()
@Tool(cancelPayment)
export class CancelPaymentTool implements ToolHandler<typeof cancelPayment> {
  constructor(private readonly desk: PaymentDesk) {}

  call(
    { payment_id: paymentId }: InputOf<typeof cancelPayment>,
    call: RunningCall,
  ): Promise<OutputOf<typeof cancelPayment>> {
    return this.desk.cancel(call, { paymentId });
  }
}
