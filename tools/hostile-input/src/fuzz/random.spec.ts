import { describe, expect, it } from '@jest/globals';
import { Random } from './random.ts';

const take = (random: Random) => Array.from({ length: 50 }, () => random.next());

describe('Random', () => {
  it('is the same for the same seed, on every machine', () => {
    expect(take(new Random(1, 'records', 7))).toEqual(take(new Random(1, 'records', 7)));
    expect(new Random(1).next()).toBeCloseTo(0.5288639168720692, 12);
  });

  it('is another for any other seed', () => {
    const seeds = [
      new Random(1, 'records', 7),
      new Random(2, 'records', 7),
      new Random(1, 'orders', 7),
      new Random(1, 'records', 8),
    ];
    expect(new Set(seeds.map((random) => random.next())).size).toBe(4);
  });

  it('stays within its bounds and reaches them', () => {
    const random = new Random('bounds');
    const numbers = Array.from({ length: 1_000 }, () => random.between(3, 5));
    expect(new Set(numbers)).toEqual(new Set([3, 4, 5]));
    expect(random.text(20, 'ab')).toMatch(/^[ab]{20}$/);
    expect(() => random.pick([])).toThrow('nothing to pick');
  });

  it('picks as often as weights say', () => {
    const random = new Random('weights');
    const picked = Array.from({ length: 2_000 }, () =>
      random.weighted([
        [9, 'often'],
        [1, 'seldom'],
        [0, 'never'],
      ]),
    );
    const often = picked.filter((item) => item === 'often').length;
    expect(often).toBeGreaterThan(1_650);
    expect(often).toBeLessThan(1_950);
    expect(picked).not.toContain('never');
  });
});
