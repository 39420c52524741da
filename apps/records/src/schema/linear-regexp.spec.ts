import { describe, expect, it } from '@jest/globals';
import { LinearRegExp } from './linear-regexp.ts';

describe('LinearRegExp', () => {
  it('does not keep all it learnt from long texts', () => {
    const patterns = Array.from({ length: 20 }, () => new LinearRegExp('(a|b)*a[ab]{12}c'));
    const text = Array.from({ length: 5_000 }, (_, i) => ((i * i * 7 + (i >> 3)) % 5 < 2 ? 'a' : 'b')).join(
      '',
    );
    for (const pattern of patterns) {
      expect(pattern.test(text)).toBe(false);
      expect(pattern.keptBytes).toBeLessThanOrEqual(16_384);
      expect(pattern.test(`${text}a${'b'.repeat(12)}c`)).toBe(true);
    }
  });

  it('goes on after it was told to forget', () => {
    const pattern = new LinearRegExp('(a|b)*c');
    pattern.forget();
    expect(pattern.test('abc')).toBe(true);
    pattern.forget();
    expect([pattern.keptBytes, pattern.test('ab'), pattern.test('abc')]).toEqual([0, false, true]);
  });
});
