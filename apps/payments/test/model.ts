import fc from 'fast-check';

/** Something that a caller wants, as the model test makes it up. */
export type Wish =
  | { readonly kind: 'capture' | 'refund'; readonly amount: number | undefined; readonly copies: number }
  | { readonly kind: 'cancel'; readonly copies: number };

/** The life of one payment: how it is made, and what is then wanted of it. */
export interface Life {
  readonly first: 'authorize' | 'process';
  readonly amount: number;
  readonly isDeclined: boolean;
  readonly wishes: readonly Wish[];
}

/** The provider takes no less of a payment in EUR. */
const LEAST = 50;

const copies = fc.constantFrom(1, 1, 1, 2, 3);
const part = fc.option(fc.integer({ min: LEAST, max: 1_200 }), { nil: undefined });

/** Any life. */
export const anyLife: fc.Arbitrary<Life> = fc.record({
  first: fc.constantFrom('authorize', 'authorize', 'process'),
  amount: fc.integer({ min: LEAST, max: 1_000 }),
  isDeclined: fc.constantFrom(false, false, false, false, true),
  wishes: fc.array(
    fc.oneof(
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('capture' as const), amount: part, copies }) },
      { weight: 4, arbitrary: fc.record({ kind: fc.constant('refund' as const), amount: part, copies }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), copies }) },
    ),
    { maxLength: 6 },
  ),
});

/** What a payment has come to, as far as the simplest rules go. */
export interface Expected {
  state: 'authorized' | 'captured' | 'cancelled' | 'declined';
  captured: number;
  refunded: number;
}

/** How a payment begins. */
export function firstOf({ first, amount, isDeclined }: Life): Expected {
  if (isDeclined) return { state: 'declined', captured: 0, refunded: 0 };
  return first === 'authorize'
    ? { state: 'authorized', captured: 0, refunded: 0 }
    : { state: 'captured', captured: amount, refunded: 0 };
}

/** Grants a wish, or says with which code it is refused. */
export function grant(payment: Expected, authorized: number, wish: Wish): string | undefined {
  switch (wish.kind) {
    case 'cancel':
      if (payment.state !== 'authorized') return 'payment_not_cancellable';
      payment.state = 'cancelled';
      return undefined;
    case 'capture': {
      const amount = wish.amount ?? authorized;
      if (payment.state !== 'authorized') return 'payment_not_capturable';
      if (amount > authorized) return 'amount_exceeds_authorized';
      payment.state = 'captured';
      payment.captured = amount;
      return undefined;
    }
    case 'refund': {
      const left = payment.captured - payment.refunded;
      const amount = wish.amount ?? left;
      if (payment.state !== 'captured' || left === 0) return 'payment_not_refundable';
      if (amount > left) return 'amount_exceeds_captured';
      payment.refunded += amount;
      return undefined;
    }
  }
}
