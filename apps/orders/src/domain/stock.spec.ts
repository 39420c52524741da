import { describe, expect, it } from '@jest/globals';
import { inLockOrder } from './stock.ts';

describe('inLockOrder', () => {
  it('adds up the lines of a product and puts products into one order', () => {
    const line = (productId: string, quantity: number) => ({ productId, quantity });
    expect(inLockOrder([line('b', 1), line('a', 2), line('b', 3), line('C', 1)])).toEqual([
      line('C', 1),
      line('a', 2),
      line('b', 4),
    ]);
    expect(inLockOrder([])).toEqual([]);
  });
});
