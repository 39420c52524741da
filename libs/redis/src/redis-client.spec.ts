import { describe, expect, it } from '@jest/globals';
import { retryDelay } from './redis-client.ts';

describe('retryDelay', () => {
  it.each([
    [1, 25, 50],
    [2, 50, 100],
    [6, 800, 1_600],
    [7, 1_000, 2_000],
    [1_000_000, 1_000, 2_000],
  ])('of attempt %d is between %d and %d ms', (attempt, least, most) => {
    const delays = Array.from({ length: 1_000 }, () => retryDelay(attempt));
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(least);
    expect(Math.max(...delays)).toBeLessThanOrEqual(most);
    expect(new Set(delays).size).toBeGreaterThan(5);
  });
});
