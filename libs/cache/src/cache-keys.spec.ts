import { describe, expect, it } from '@jest/globals';
import { entryKey, EVERYTHING, tagKeys } from './cache-keys.ts';

describe('entryKey', () => {
  it('is the same for the same tenant and key', () => {
    expect(entryKey('acme', 'orders://orders/1')).toBe(entryKey('acme', 'orders://orders/1'));
  });

  it('is another for any others, however their names are cut', () => {
    const keys = [
      entryKey('acme', 'x'),
      entryKey('acm', 'ex'),
      entryKey('acme"', '"x'),
      entryKey('acme","x', ''),
      entryKey('', 'acme","x'),
      entryKey('acme\0', 'x'),
      entryKey('acme\ud800', 'x'),
      entryKey('acme\ufffd', 'x'),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('does not tell whose it is, and is short', () => {
    expect(entryKey('acme', 'x'.repeat(10_000))).toMatch(/^cache:entry:[\w-]{43}$/);
  });
});

describe('tagKeys', () => {
  it('are those of each tag once, in the same order for everyone', () => {
    expect(tagKeys('acme', ['b', 'a', 'b'])).toEqual([...tagKeys('acme', ['a']), ...tagKeys('acme', ['b'])]);
    expect(tagKeys('acme', [])).toEqual([]);
  });

  it('are others for another tenant, and never those of everything', () => {
    const all = [...tagKeys('acme', ['all', 'a']), ...tagKeys('globex', ['all', 'a']), EVERYTHING];
    expect(new Set(all.flatMap((keys) => Object.values(keys))).size).toBe(10);
  });
});
