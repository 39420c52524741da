import { describe, expect, it } from '@jest/globals';
import { median, quantile, spread } from './statistics.ts';

describe('median', () => {
  it('is the figure in the middle, whatever their order', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([10, 9, 100])).toBe(10);
  });

  it('of an even number is between the two in the middle', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it('leaves the figures as they were', () => {
    const figures = [3, 1, 2];
    median(figures);
    expect(figures).toEqual([3, 1, 2]);
  });

  it('of nothing is an error, not a figure', () => {
    expect(() => median([])).toThrow('no median');
  });
});

describe('spread', () => {
  it('has the least and the greatest beside the median', () => {
    expect(spread([5, 900, 4, 6, 5])).toEqual({ median: 5, min: 4, max: 900 });
  });
});

describe('quantile', () => {
  it('is a figure that was measured', () => {
    const hundred = Float64Array.from({ length: 100 }, (_, index) => index + 1);
    expect([0, 0.5, 0.99, 1].map((share) => quantile(hundred, share))).toEqual([1, 50, 99, 100]);
  });
});
