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
import { CHARGE_ERRORS, CHARGE_ERRORS_TOLD, CHARGE_LIMITS } from './charge.ts';
import { newPayment, paymentInput, wantedPayment } from './inputs.ts';

const authorizePayment = defineTool({
  name: 'authorize_payment',
  title: 'Hold money for a payment',
  description:
    'Holds money on a payment method without taking it. Use it when the final amount or the delivery is still open; take ' +
    'it later with capture_payment, in full or in part, or let it go with cancel_payment. Use process_payment to take it ' +
    'at once. Returns the payment, authorized. After a timeout or dependency_unavailable repeat the same call with the ' +
    `same idempotency_key; it holds the money once. ${CHARGE_ERRORS_TOLD}`,
  input: paymentInput(newPayment),
  output: PaymentView,
  scopes: ['payments:write'],
  effect: 'external',
  errors: CHARGE_ERRORS,
  limits: CHARGE_LIMITS,
});

/** Holds money. */
@Injectable()
@Tool(authorizePayment)
export class AuthorizePaymentTool implements ToolHandler<typeof authorizePayment> {
  constructor(private readonly desk: PaymentDesk) {}

  call(
    input: InputOf<typeof authorizePayment>,
    call: RunningCall,
  ): Promise<OutputOf<typeof authorizePayment>> {
    return this.desk.charge(call, 'authorize', wantedPayment(input));
  }
}
