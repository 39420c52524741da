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

const capturePayment = defineTool({
  name: 'capture_payment',
  title: 'Take held money',
  description:
    'Takes the money of an authorized payment, once: all of it or less; the rest is released. Use it when the goods are ' +
    'sent or the final amount is known; not after process_payment, which has taken the money already. Returns the payment, ' +
    'captured. After a timeout or dependency_unavailable repeat it with the same idempotency_key. ' +
    `Errors: payment_not_found (see list_payments), payment_not_capturable (its state says what to do instead), amount_exceeds_authorized (take at most details.capturable), payment_busy (wait, look with get_payment, decide again), request_refused (tell the user), ${NO_CARD_NUMBERS}. At most ${CHARGE_LIMITS.callsPerMinute} calls a minute.`,
  input: paymentInput({ payment_id: paymentId, amount: partialAmount }),
  output: PaymentView,
  scopes: ['payments:write'],
  effect: 'external',
  errors: [
    'payment_not_found',
    'payment_not_capturable',
    'amount_exceeds_authorized',
    'payment_busy',
    'request_refused',
    CARD_NUMBER_REFUSED,
  ],
  limits: CHARGE_LIMITS,
});

/** Takes held money. */
@Injectable()
@Tool(capturePayment)
export class CapturePaymentTool implements ToolHandler<typeof capturePayment> {
  constructor(private readonly desk: PaymentDesk) {}

  call(
    { payment_id: paymentId, amount }: InputOf<typeof capturePayment>,
    call: RunningCall,
  ): Promise<OutputOf<typeof capturePayment>> {
    return this.desk.capture(call, { paymentId, amount });
  }
}
