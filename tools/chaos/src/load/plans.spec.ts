import { describe, expect, it } from '@jest/globals';
import { ENDINGS, makePlans, PRICES } from './plans.ts';

describe('makePlans', () => {
  it('has as many orders paid as it was asked for, and some that are not', () => {
    const plans = makePlans('some', 300);
    expect(plans.filter(({ intention }) => ENDINGS[intention].isCharged)).toHaveLength(300);
    expect(new Set(plans.map(({ intention }) => intention))).toEqual(new Set(Object.keys(ENDINGS)));
  });

  it('gives every order a name of its own and the sum of its lines', () => {
    const plans = makePlans('some', 20);
    expect(new Set(plans.map(({ reference }) => reference)).size).toBe(plans.length);
    for (const { lines, total } of plans)
      expect(total).toBe(lines.reduce((sum, { sku, quantity }) => sum + PRICES[sku]! * quantity, 0));
  });
});
