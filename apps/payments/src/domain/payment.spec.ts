import { asGantryError, type GantryError } from '@gantry/errors';
import { MAX_AMOUNT } from '@gantry/money';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextState, PAYMENT_STATES, PAYMENT_TRANSITIONS } from './payment-state-machine.ts';
import {
  addsUp,
  amountToCapture,
  amountToRefund,
  expectCancellable,
  refundable,
  statusAfter,
  type Payment,
  type PaymentEvent,
} from './payment.ts';

/** A payment of 10.00 EUR that has just begun, but for what is said to differ. */
const payment = (different: Partial<Payment> = {}): Payment => ({
  id: 'pay_1',
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
  createdBy: { subject: 'ann', client: 'shop' },
  providerIntentId: null,
  version: 1,
  createdAt: '2026-11-21T12:00:00.000000Z',
  updatedAt: '2026-11-21T12:00:00.000000Z',
  ...different,
});

const refused = (attempt: () => unknown): GantryError => {
  try {
    attempt();
  } catch (error) {
    return asGantryError(error);
  }
  throw new Error('It was allowed.');
};

const happen = (start: Payment, ...events: PaymentEvent[]) =>
  events.reduce<Payment>((current, event) => ({ ...current, ...statusAfter(current, event) }), start);

const captured = happen(payment(), { type: 'authorized', amount: 1000 }, { type: 'captured', amount: 700 });

describe('statusAfter', () => {
  it('counts what is authorized, captured and refunded', () => {
    const refunded = happen(captured, { type: 'refunded', amount: 200 }, { type: 'refunded', amount: 500 });
    expect(refunded).toMatchObject({
      state: 'captured',
      amountAuthorized: 1000,
      amountCaptured: 700,
      amountRefunded: 700,
    });
    expect(happen(refunded, { type: 'refund_failed', amount: 500 })).toMatchObject({ amountRefunded: 200 });
  });

  it('takes a capture for the authorization it implies', () => {
    expect(happen(payment(), { type: 'captured', amount: 1000 })).toMatchObject({
      state: 'captured',
      amountAuthorized: 1000,
      amountCaptured: 1000,
    });
  });

  it('keeps what was reserved through doubt and release', () => {
    const doubtful = happen(payment(), { type: 'authorized', amount: 1000 }, { type: 'outcome_lost' });
    expect(happen(doubtful, { type: 'cancelled' })).toMatchObject({
      state: 'cancelled',
      amountAuthorized: 1000,
    });
    expect(happen(doubtful, { type: 'captured', amount: 1 })).toMatchObject({ amountAuthorized: 1000 });
    expect(() => happen(doubtful, { type: 'failed' })).toThrow(/cannot be told "failed"/);
  });

  it('keeps why it was declined', () => {
    expect(happen(payment(), { type: 'declined', declineCode: 'insufficient_funds' })).toMatchObject({
      state: 'declined',
      declineCode: 'insufficient_funds',
      amountAuthorized: 0,
    });
  });

  const anyEvent: fc.Arbitrary<PaymentEvent> = fc.oneof(
    fc.record({ type: fc.constantFrom('approved', 'cancelled', 'failed', 'outcome_lost') }),
    fc.record({ type: fc.constant('declined'), declineCode: fc.constant('card_declined') }),
    fc.record({
      type: fc.constantFrom('authorized', 'captured', 'refunded', 'refund_failed'),
      amount: fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: MAX_AMOUNT })),
    }),
  );

  it('allows what the machine allows and amounts bear, whatever happens in whatever order', () => {
    const start = fc.constantFrom('processing', 'approval_required');
    const events = fc.array(anyEvent, { maxLength: 30 });
    fc.assert(
      fc.property(start, fc.integer({ min: 1, max: 120 }), events, (state, amount, sequence) => {
        let current = payment({ state: state as Payment['state'], amount });
        for (const event of sequence) {
          let next: Payment;
          try {
            next = { ...current, ...statusAfter(current, event) };
          } catch {
            continue; // refused: nothing has changed
          }
          expect(next.state).toBe(nextState(current.state, event.type));
          expect(addsUp(next, amount)).toBe(true);
          expect(next.amountRefunded).toBeLessThanOrEqual(next.amountCaptured);
          expect(next.amountCaptured).toBeLessThanOrEqual(next.amountAuthorized);
          expect(next.amountAuthorized).toBeLessThanOrEqual(amount);
          // Money is taken once.
          if (current.amountCaptured > 0) expect(next.amountCaptured).toBe(current.amountCaptured);
          current = next;
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('refuses every event that has no arrow', () => {
    const drawn = new Set(PAYMENT_TRANSITIONS.map(({ from, event }) => `${from} ${event}`));
    const events = [...new Set(PAYMENT_TRANSITIONS.map(({ event }) => event))];
    for (const state of PAYMENT_STATES) {
      for (const type of events) {
        if (drawn.has(`${state} ${type}`)) continue;
        const event = { type, amount: 1, declineCode: 'card_declined' } as PaymentEvent;
        expect(() => statusAfter(payment({ state, amountAuthorized: 5 }), event)).toThrow(
          `is ${state} cannot be told`,
        );
      }
    }
  });
});

describe('amountToCapture', () => {
  const authorized = happen(payment({ currency: 'KWD' }), { type: 'authorized', amount: 1000 });

  it.each([
    [undefined, 1000],
    [1000, 1000],
    [1, 1],
  ])('takes %j as %d', (wanted, amount) => {
    expect(amountToCapture(authorized, wanted)).toEqual({ amount, currency: 'KWD' });
  });

  it('never takes more than is authorized', () => {
    expect(refused(() => amountToCapture(authorized, 1001))).toMatchObject({
      code: 'amount_exceeds_authorized',
      details: { capturable: 1000, currency: 'KWD' },
      message: expect.stringContaining('1.000 KWD'),
      isFinal: true,
    });
  });

  it('takes once', () => {
    expect(refused(() => amountToCapture(captured, 1))).toMatchObject({
      code: 'payment_not_capturable',
      details: { state: 'captured' },
      hint: expect.stringContaining('refund_payment'),
    });
  });
});

describe('amountToRefund', () => {
  it('gives back what is left, and never more', () => {
    const partly = happen(captured, { type: 'refunded', amount: 300 });
    expect(refundable(partly)).toBe(400);
    expect(amountToRefund(partly)).toEqual({ amount: 400, currency: 'EUR' });
    expect(amountToRefund(partly, 150)).toEqual({ amount: 150, currency: 'EUR' });
    expect(refused(() => amountToRefund(partly, 401))).toMatchObject({
      code: 'amount_exceeds_captured',
      details: { refundable: 400 },
    });
    const nothingLeft = happen(partly, { type: 'refunded', amount: 400 });
    for (const wanted of [undefined, 1]) {
      expect(refused(() => amountToRefund(nothingLeft, wanted))).toMatchObject({
        code: 'payment_not_refundable',
        details: { refundable: 0 },
      });
    }
  });

  it('has nothing to give back of what was not captured', () => {
    for (const state of PAYMENT_STATES.filter((other) => other !== 'captured')) {
      expect(refused(() => amountToRefund(payment({ state }), 1))).toMatchObject({
        code: 'payment_not_refundable',
        details: { state },
      });
    }
  });
});

describe('expectCancellable', () => {
  it('holds while money is only reserved, or not even sent for', () => {
    const cancellable = PAYMENT_STATES.filter((state) => {
      try {
        expectCancellable(payment({ state }));
        return true;
      } catch (error) {
        expect(error).toMatchObject({ code: 'payment_not_cancellable' });
        return false;
      }
    });
    expect(cancellable).toEqual(['approval_required', 'authorized']);
  });
});
