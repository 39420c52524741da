import { MAX_AMOUNT } from '@gantry/money';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addCategories, addSums, sumsOf } from './settlement-tally.ts';

const anyMovement = fc.record({
  kind: fc.constantFrom('capture' as const, 'refund' as const, 'refund_failed' as const),
  reference: fc.constant('x'),
  amount: fc.integer({ min: -MAX_AMOUNT, max: MAX_AMOUNT }),
  currency: fc.constantFrom('EUR', 'JPY'),
});

describe('sums', () => {
  it('are what came in less what went out, in batches of any size', () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyMovement)), (batches) => {
        const expected = new Map<string, bigint>();
        for (const { kind, amount, currency } of batches.flat()) {
          const signed = BigInt(kind === 'refund' ? -amount : amount);
          expected.set(currency, (expected.get(currency) ?? 0n) + signed);
        }
        const sums = batches.reduce<Record<string, string>>((sum, batch) => addSums(sum, sumsOf(batch)), {});
        expect(sums).toEqual(
          Object.fromEntries([...expected].map(([currency, sum]) => [currency, `${sum}`])),
        );
      }),
    );
  });

  it('are exact beyond what a number holds', () => {
    expect(addSums({ EUR: '9007199254740993' }, { EUR: '2', JPY: '-1' })).toEqual({
      EUR: '9007199254740995',
      JPY: '-1',
    });
  });
});

describe('categories', () => {
  it('are counted, whatever they are called', () => {
    const counts = addCategories(addCategories({}, ['fee', 'constructor']), ['fee', 'payout']);
    expect(counts).toEqual({ fee: 2, constructor: 1, payout: 1 });
  });

  it('are counted together beyond a number', () => {
    const names = Array.from(
      { length: 60 },
      (_, n) => `category_${'abcdefghij'[n % 10]}${'abcdef'[Math.floor(n / 10)]}`,
    );
    const counts = addCategories({}, [...names, ...names]);
    expect(Object.keys(counts)).toHaveLength(51);
    expect(counts).toMatchObject({ category_aa: 2, other: 20 });
  });
});
