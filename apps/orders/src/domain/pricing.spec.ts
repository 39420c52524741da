import { asGantryError } from '@gantry/errors';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isNegotiated, lineTotal, MAX_TOTAL, priceLines, type WantedPrice } from './pricing.ts';

const price = fc.oneof(fc.nat(2_000), fc.integer({ min: 0, max: MAX_TOTAL }));
const quantity = fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 1_000_000 }));
const discount = fc.oneof(fc.constantFrom(0, 500, 1_250, 2_500, 5_000, 10_000), fc.nat(10_000));

const line = (different: Partial<WantedPrice> & { listPrice?: number } = {}) => ({
  listPrice: 1_000,
  quantity: 1,
  unitPrice: undefined,
  discountBasisPoints: undefined,
  ...different,
});

const refusalOf = (attempt: () => unknown) => {
  try {
    attempt();
  } catch (error) {
    return asGantryError(error);
  }
  throw new Error('It was allowed.');
};

describe('lineTotal', () => {
  it.each([
    // 12.5 → 12, 13.5 → 14: half goes to the even neighbour.
    [25, 1, 5_000, 12n],
    [27, 1, 5_000, 14n],
    [1, 1, 5_000, 0n],
    [3, 1, 5_000, 2n],
    // Just beside the half.
    [1, 1, 5_001, 0n],
    [1, 1, 4_999, 1n],
    // Rounded once, for the line, not for each piece.
    [25, 2, 5_000, 25n],
    [1_800, 10, 0, 18_000n],
    [1_860, 9, 1_500, 14_229n],
    [999, 3, 10_000, 0n],
    [0, 7, 0, 0n],
  ])('of %d × %d less %d basis points is %d', (unitPrice, pieces, basisPoints, total) => {
    expect(lineTotal(unitPrice, pieces, basisPoints)).toBe(total);
  });

  it('is never more than half a minor unit away from the exact price, and even where both are as near', () => {
    fc.assert(
      fc.property(price, quantity, discount, (unitPrice, pieces, basisPoints) => {
        const exact = BigInt(unitPrice) * BigInt(pieces) * BigInt(10_000 - basisPoints);
        const total = lineTotal(unitPrice, pieces, basisPoints);
        const error = total * 10_000n - exact;
        const distance = error < 0n ? -error : error;
        expect(distance <= 5_000n).toBe(true);
        if (distance === 5_000n) expect(total % 2n).toBe(0n);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is the whole without a discount, nothing with the whole discount, and falls as the discount grows', () => {
    fc.assert(
      fc.property(price, quantity, discount, discount, (unitPrice, pieces, one, other) => {
        const whole = BigInt(unitPrice) * BigInt(pieces);
        expect(lineTotal(unitPrice, pieces, 0)).toBe(whole);
        expect(lineTotal(unitPrice, pieces, 10_000)).toBe(0n);
        const [less, more] = [Math.min(one, other), Math.max(one, other)];
        expect(lineTotal(unitPrice, pieces, more) <= lineTotal(unitPrice, pieces, less)).toBe(true);
      }),
    );
  });
});

describe('priceLines', () => {
  it('takes the price of the catalogue', () => {
    expect(priceLines([line({ quantity: 3 })], false)).toEqual({
      lines: [{ listPrice: 1_000, quantity: 3, unitPrice: 1_000, discountBasisPoints: 0, lineTotal: 3_000 }],
      total: 3_000,
      isNegotiated: false,
    });
  });

  it('takes a negotiated one from who may give it, and says so', () => {
    const priced = priceLines(
      [line({ unitPrice: 900, discountBasisPoints: 1_000 }), line({ unitPrice: 1_200 }), line()],
      true,
    );
    expect(priced).toMatchObject({ total: 810 + 1_200 + 1_000, isNegotiated: true });
    expect(priced.lines.map(isNegotiated)).toEqual([true, true, false]);
  });

  it('takes none from anybody else, and names the lines', () => {
    const wanted = [line(), line({ unitPrice: 999 }), line({ discountBasisPoints: 1 })];
    expect(refusalOf(() => priceLines(wanted, false))).toMatchObject({
      code: 'pricing_not_permitted',
      isFinal: true,
      details: { lines: [2, 3] },
    });
  });

  it('minds nobody who repeats what the catalogue says', () => {
    expect(priceLines([line({ unitPrice: 1_000, discountBasisPoints: 0 })], false)).toMatchObject({
      isNegotiated: false,
    });
  });

  it.each([
    ['nothing', [line({ discountBasisPoints: 10_000 })]],
    ['too much', [line({ listPrice: MAX_TOTAL }), line({ listPrice: 1 })]],
    ['far too much', [line({ listPrice: MAX_TOTAL, quantity: 1_000_000 })]],
  ])('refuses an order over %s', (_, wanted) => {
    expect(refusalOf(() => priceLines(wanted, true))).toMatchObject({ code: 'order_total_out_of_range' });
  });

  it('lets a line be free if another is not', () => {
    expect(priceLines([line({ discountBasisPoints: 10_000 }), line()], true)).toMatchObject({ total: 1_000 });
  });

  it('adds lines up exactly', () => {
    const wanted = fc.record({
      listPrice: fc.nat(1_000_000),
      quantity: fc.integer({ min: 1, max: 1_000 }),
      unitPrice: fc.option(fc.nat(1_000_000), { nil: undefined }),
      discountBasisPoints: fc.option(fc.nat(10_000), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(wanted, { minLength: 1, maxLength: 100 }), (lines) => {
        const exact = lines.reduce(
          (sum, { listPrice, unitPrice, quantity: pieces, discountBasisPoints }) =>
            sum + lineTotal(unitPrice ?? listPrice, pieces, discountBasisPoints ?? 0),
          0n,
        );
        fc.pre(exact > 0n);
        const { total, lines: priced } = priceLines(lines, true);
        expect(BigInt(total)).toBe(exact);
        expect(priced.every(({ lineTotal: each }) => Number.isSafeInteger(each))).toBe(true);
      }),
    );
  });
});
