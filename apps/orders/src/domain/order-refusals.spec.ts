import { describe, expect, it } from '@jest/globals';
import * as refusals from './order-refusals.ts';
import { ORDER_STATES } from './order-state-machine.ts';

const id = 'ord_1';

const byState = [
  refusals.orderNotPayable,
  refusals.orderNotCancellable,
  refusals.orderNotShippable,
  refusals.orderNotDeliverable,
  refusals.orderNotReturnable,
];
const all = [
  refusals.orderNotFound(id),
  refusals.orderedProductsNotFound(['A-1', 'A-2']),
  refusals.productsNotSold(['A-1']),
  refusals.currencyMismatch(['EUR', 'USD']),
  refusals.pricingNotPermitted([1, 3]),
  refusals.orderTotalOutOfRange(0, 10),
  refusals.orderTotalOutOfRange(11, 10),
  refusals.orderPaymentPending(id),
  ...ORDER_STATES.flatMap((state) => byState.map((refuse) => refuse(id, state))),
];

describe('refusals', () => {
  it('say what happened and what to do, in sentences', () => {
    for (const { code, message, hint, category } of all) {
      expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
      expect(message).toMatch(/^[A-Z].*\.$/);
      expect(hint).toMatch(/^[A-Z].*\.$/);
      expect(category).toBe('business_error');
    }
  });

  it('are final, but for what passes by itself: a payment under way', () => {
    const passing = all.filter(({ isFinal }) => !isFinal);
    expect(new Set(passing.map(({ code }) => code))).toEqual(new Set(['order_payment_pending']));
    for (const refuse of byState)
      expect(refuse(id, 'payment_pending')).toMatchObject({ code: 'order_payment_pending', retryable: true });
  });

  it('name the state, and what can be done in it', () => {
    expect(refusals.orderNotShippable(id, 'placed')).toMatchObject({
      details: { order_id: id, state: 'placed' },
      hint: expect.stringContaining('pay_order'),
    });
    expect(refusals.orderNotCancellable(id, 'delivered').hint).toContain('return_order');
  });

  it('tell which lines and which products they are about', () => {
    expect(refusals.pricingNotPermitted([1, 3]).details).toMatchObject({ lines: [1, 3] });
    expect(refusals.orderedProductsNotFound(['A-1', 'A-2']).details).toEqual({ products: ['A-1', 'A-2'] });
  });
});
