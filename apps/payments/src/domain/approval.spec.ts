import { MAX_AMOUNT } from '@gantry/money';
import { describe, expect, it } from '@jest/globals';
import { ApprovalRule, expectDecidableBy } from './approval.ts';
import { PAYMENT_STATES } from './payment-state-machine.ts';
import type { Payment } from './payment.ts';

const ANN = { subject: 'ann', client: 'shop' };
const BOB = { subject: 'bob', client: 'desk' };

describe('ApprovalRule', () => {
  const rule = ApprovalRule.parse('EUR=100000, JPY = 150000,KWD=0');

  it.each<[number, string, boolean]>([
    [100_000, 'EUR', false],
    [100_001, 'EUR', true],
    [150_000, 'JPY', false],
    [150_001, 'JPY', true],
    [1, 'KWD', true],
    // No threshold: nobody can say whether it is much.
    [1, 'USD', true],
  ])('%d of %s: %s', (amount, currency, needed) => {
    expect(rule.requiresApproval({ amount, currency })).toBe(needed);
  });

  it('asks for nothing if there is no threshold at all', () => {
    expect(ApprovalRule.parse('').requiresApproval({ amount: MAX_AMOUNT, currency: 'EUR' })).toBe(false);
  });

  it.each(['EUR', 'EUR=', 'EUR=-1', 'EUR=1.5', 'eur=1', 'XXX=1', 'EUR=1;USD=2', 'EUR=1000000000000', '*=1'])(
    'cannot be made of "%s"',
    (text) => {
      expect(() => ApprovalRule.parse(text)).toThrow(RangeError);
    },
  );

  it('has one threshold for a currency', () => {
    expect(() => ApprovalRule.parse('EUR=1,USD=1,EUR=2')).toThrow('There are two thresholds for EUR.');
  });
});

describe('expectDecidableBy', () => {
  const waiting = { id: 'pay_1', state: 'approval_required', createdBy: ANN } as Payment;

  it('lets somebody else decide', () => {
    expect(() => expectDecidableBy(waiting, BOB)).not.toThrow();
  });

  it.each([ANN, { ...ANN, client: 'another client of the same person' }])('never lets %j decide', (actor) => {
    expect(() => expectDecidableBy(waiting, actor)).toThrow(/nobody approves their own/);
  });

  it('needs a payment that waits', () => {
    for (const state of PAYMENT_STATES.filter((other) => other !== 'approval_required')) {
      expect(() => expectDecidableBy({ ...waiting, state }, BOB)).toThrow(
        expect.objectContaining({ code: 'approval_not_possible' }),
      );
    }
  });
});
