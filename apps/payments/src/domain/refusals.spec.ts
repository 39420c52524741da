import { describe, expect, it } from '@jest/globals';
import { PAYMENT_STATES } from './payment-state-machine.ts';
import * as refusals from './refusals.ts';

const id = 'pay_1';
const money = { amount: 1234, currency: 'EUR' };

const all = [
  ...refusals.DECLINE_CODES.map((code) => refusals.paymentDeclined(code, id)),
  refusals.paymentNotFound(id),
  refusals.paymentBusy(id),
  ...PAYMENT_STATES.flatMap((state) => [
    refusals.paymentNotCapturable(id, state),
    refusals.paymentNotCancellable(id, state),
    refusals.paymentNotRefundable(id, state),
    refusals.approvalNotPossible(id, state),
  ]),
  refusals.alreadyRefunded(id),
  refusals.amountExceedsAuthorized(id, money),
  refusals.amountExceedsCaptured(id, money),
  refusals.approvalRequired(id, money),
  refusals.ownApproval(id),
  refusals.approvalRejected(id),
  refusals.approvalRejected(undefined),
  refusals.cardNumberRefused('/note'),
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

  it('are final, but for those that pass', () => {
    expect(new Set(all.filter(({ isFinal }) => !isFinal).map(({ code }) => code))).toEqual(
      new Set(['payment_busy', 'approval_required']),
    );
  });

  it('never tell a model to go on after a human said no', () => {
    expect(refusals.approvalRejected(id).hint).toContain('Do not try again');
  });

  it('say where a card number was, and nothing of it', () => {
    expect(refusals.cardNumberRefused('/note').details).toEqual({ path: '/note' });
  });
});
