import { z } from 'zod';
import type { Payment } from '../domain/payment.ts';
import { PAYMENT_STATES, type PaymentState } from '../domain/payment-state-machine.ts';

/** A payment as callers see it. */
export const PaymentView = z.object({
  id: z.string(),
  state: z
    .enum(PAYMENT_STATES as [PaymentState, ...PaymentState[]])
    .describe('authorized: held, not taken; captured: taken; unknown: being found out, do not pay again.'),
  amount: z
    .int()
    .describe('In minor units: cents of EUR, whole JPY, thousandths of KWD. So are all amounts.'),
  currency: z.string(),
  amount_authorized: z.int(),
  amount_captured: z.int(),
  amount_refunded: z.int(),
  payment_method: z.string(),
  description: z.string().optional(),
  reference: z.string().optional(),
  decline_code: z.string().optional(),
  created_at: z.string().describe('ISO 8601, UTC.'),
  updated_at: z.string(),
});

/** See {@link PaymentView}. */
export type PaymentOutput = z.input<typeof PaymentView>;

/** Presents a payment. */
export function paymentView(payment: Payment): PaymentOutput {
  const { description, reference, declineCode } = payment;
  return {
    id: payment.id,
    state: payment.state,
    amount: payment.amount,
    currency: payment.currency,
    amount_authorized: payment.amountAuthorized,
    amount_captured: payment.amountCaptured,
    amount_refunded: payment.amountRefunded,
    payment_method: payment.paymentMethod,
    ...(description !== null && { description }),
    ...(reference !== null && { reference }),
    ...(declineCode !== null && { decline_code: declineCode }),
    created_at: payment.createdAt,
    updated_at: payment.updatedAt,
  };
}
