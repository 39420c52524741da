import { describe, expect, it } from '@jest/globals';
import { ENDINGS, makePlan, PRICES } from './plans.ts';

describe('makePlan', () => {
  const plans = Array.from({ length: 24 }, (_, index) => makePlan('some', index));

  it('has most orders paid, and some that are not', () => {
    expect(plans.filter(({ intention }) => ENDINGS[intention].isCharged)).toHaveLength(20);
    expect(new Set(plans.map(({ intention }) => intention))).toEqual(new Set(Object.keys(ENDINGS)));
  });

  it('gives every order a name of its own and the sum of its lines', () => {
    expect(new Set(plans.map(({ reference }) => reference)).size).toBe(plans.length);
    for (const { lines, total } of plans)
      expect(total).toBe(lines.reduce((sum, { sku, quantity }) => sum + PRICES[sku]! * quantity, 0));
  });
});
