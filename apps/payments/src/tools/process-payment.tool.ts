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

const processPayment = defineTool({
  name: 'process_payment',
  title: 'Take a payment',
  description:
    'Charges a payment method now: authorizes and captures in one go. Use it when the goods or the service are due at ' +
    'once; use authorize_payment to hold the money and take it later. Returns the payment, captured. After a timeout or ' +
    `dependency_unavailable repeat the same call with the same idempotency_key; it charges once. ${CHARGE_ERRORS_TOLD}`,
  input: paymentInput(newPayment),
  output: PaymentView,
  scopes: ['payments:write'],
  effect: 'external',
  errors: CHARGE_ERRORS,
  limits: CHARGE_LIMITS,
});

/** Takes money at once. */
@Injectable()
@Tool(processPayment)
export class ProcessPaymentTool implements ToolHandler<typeof processPayment> {
  constructor(private readonly desk: PaymentDesk) {}

  call(input: InputOf<typeof processPayment>, call: RunningCall): Promise<OutputOf<typeof processPayment>> {
    return this.desk.charge(call, 'process', wantedPayment(input));
  }
}
