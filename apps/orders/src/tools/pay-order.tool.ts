import {
  defineTool,
  Tool,
  type InputOf,
  type OutputOf,
  type RunningCall,
  type ToolHandler,
} from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { OrderSummary } from '../desk/order.view.ts';
import { PaymentDesk } from '../desk/payment-desk.ts';
import { orderId, PAYMENT_PENDING_TOLD } from './order-inputs.ts';

const paymentMethod = z
  .string()
  .regex(/^(pm|card|src|ba)_\w{1,200}$/, 'must be a token of the payment provider such as pm_…')
  // It is kept.
  .refine((text) => !/\d{13}/.test(text), 'must be a token, not a card number')
  .describe('Token of what is charged, "pm_…", as the payment provider issued it. Never a card number.');

const payOrder = defineTool({
  name: 'pay_order',
  title: 'Pay an order',
  description:
    'Has an order paid in full: the payments server charges the payment method. Use it for an order that is placed or ' +
    'payment_failed. Returns the order, paid; its receipt follows by itself. After a timeout or dependency_unavailable ' +
    'repeat the same call with the same idempotency_key, or look with get_order: the order stays payment_pending until ' +
    'the outcome is known, which is found out without you, and it is charged once. Errors: payment_declined ' +
    '(details.reason says why: ask for another payment method, then use a new key), approval_required (somebody else ' +
    'has to call approve_payment at the payments server; then see get_order), order_not_found (see list_orders), ' +
    `order_not_payable (its state says what to do instead), ${PAYMENT_PENDING_TOLD}. At most 60 calls a minute.`,
  input: z.strictObject({ order_id: orderId, payment_method: paymentMethod }),
  output: OrderSummary,
  scopes: ['orders:write'],
  effect: 'external',
  errors: [
    'payment_declined',
    'approval_required',
    'order_not_found',
    'order_not_payable',
    'order_payment_pending',
  ],
  // Time for a payment provider that is slow.
  limits: { callsPerMinute: 60, concurrent: 50, deadlineMs: 20_000 },
});

/** Has orders paid. */
@Injectable()
@Tool(payOrder)
export class PayOrderTool implements ToolHandler<typeof payOrder> {
  constructor(private readonly desk: PaymentDesk) {}

  call(
    { order_id: orderId, payment_method: paymentMethod }: InputOf<typeof payOrder>,
    call: RunningCall,
  ): Promise<OutputOf<typeof payOrder>> {
    return this.desk.pay(call, { orderId, paymentMethod });
  }
}
