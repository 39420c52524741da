import { MAX_AMOUNT, type Money } from '@gantry/money';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  ACCOUNT_NAMES,
  balanceOf,
  capturePosting,
  POSTING_KINDS,
  refundFailedPosting,
  refundPosting,
  type AccountTotals,
  type Posting,
} from './posting.ts';

const anyMoney = fc.record({
  amount: fc.integer({ min: 1, max: MAX_AMOUNT }),
  currency: fc.constantFrom('JPY', 'EUR', 'KWD'),
});
const POSTINGS = { capture: capturePosting, refund: refundPosting, refund_failed: refundFailedPosting };
const anyPosting = fc
  .tuple(fc.constantFrom(...POSTING_KINDS), anyMoney)
  .map(([kind, money]) => POSTINGS[kind](money));

/** A ledger as simple as can be. */
function totals(postings: readonly Posting[]): AccountTotals[] {
  const sums = new Map<string, AccountTotals>();
  for (const { account, currency, direction, amount } of postings.flatMap(({ entries }) => entries)) {
    const key = `${account} ${currency}`;
    const sum = sums.get(key) ?? { account, currency, debits: 0n, credits: 0n };
    const side = direction === 'debit' ? 'debits' : 'credits';
    sums.set(key, { ...sum, [side]: sum[side] + BigInt(amount) });
  }
  return [...sums.values()];
}

describe('postings', () => {
  it('of a capture: the provider owes it, the merchant is owed it', () => {
    const money: Money = { amount: 1234, currency: 'EUR' };
    expect(capturePosting(money)).toEqual({
      kind: 'capture',
      entries: [
        { account: 'provider_clearing', direction: 'debit', ...money },
        { account: 'merchant_balance', direction: 'credit', ...money },
      ],
    });
  });

  it('balance, each and all of them, in every currency', () => {
    fc.assert(
      fc.property(fc.array(anyPosting, { maxLength: 30 }), (postings) => {
        const sums = totals(postings);
        for (const currency of new Set(sums.map((sum) => sum.currency))) {
          const [assets, liabilities] = ACCOUNT_NAMES.map((account) => {
            const sum = sums.find((some) => some.account === account && some.currency === currency);
            return sum ? balanceOf(sum) : 0n;
          });
          expect(assets).toBe(liabilities);
        }
      }),
    );
  });

  it('undo each other', () => {
    fc.assert(
      fc.property(anyMoney, (money) => {
        const sums = totals([
          capturePosting(money),
          refundPosting(money),
          refundFailedPosting(money),
          refundPosting(money),
        ]);
        expect(sums.map(balanceOf)).toEqual([0n, 0n]);
      }),
    );
  });
});
