import { randomUUID } from 'node:crypto';
import type { Payment } from '../src/domain/payment.ts';

/** Who asks for payments in tests. */
export const ANN = { subject: 'ann', client: 'shop' };

/** Somebody else. */
export const BOB = { subject: 'bob', client: 'desk' };

/** A payment of 10.00 EUR that has just begun, but for what is said to differ. */
export function examplePayment(different: Partial<Payment> = {}): Payment {
  return {
    id: 'pay_01kafh3m8ze5h8q2v9r7x1c4tn',
    state: 'processing',
    amount: 1000,
    currency: 'EUR',
    amountAuthorized: 0,
    amountCaptured: 0,
    amountRefunded: 0,
    declineCode: null,
    captureMethod: 'manual',
    paymentMethod: 'pm_card_visa',
    description: null,
    reference: null,
    createdBy: ANN,
    providerIntentId: null,
    version: 1,
    createdAt: '2026-11-21T12:00:00.000000Z',
    updatedAt: '2026-11-21T12:00:00.000000Z',
    ...different,
  };
}

/** Ten euros by a card that is good for it, as the tools that charge take it. */
export const TEN = { amount: 1_000, currency: 'EUR', payment_method: 'pm_card_visa' };

/** A key that nobody has used. */
export function key(): string {
  return `key-${randomUUID()}`;
}
