import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canBeKept, sealed, unsealed } from './stored-copy.ts';

describe('a stored copy', () => {
  it('gives back the value it was made of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => expect(unsealed(sealed(value))).toBe(value)),
    );
  });

  it('gives nothing once any character of it has changed', () => {
    const copy = sealed('{"a":1}');
    for (let at = 0; at < copy.length; at++)
      expect(unsealed(`${copy.slice(0, at)}~${copy.slice(at + 1)}`)).toBeUndefined();
  });

  it.each(['', 'x', sealed('abc').slice(0, -1), `${sealed('abc')}d`])('gives nothing if it is %j', (copy) => {
    expect(unsealed(copy)).toBeUndefined();
  });
});

describe('a value', () => {
  it.each([
    ['abcd', 4, true],
    ['abcde', 4, false],
    // Four bytes in UTF-8.
    ['😀', 4, true],
    ['😀', 3, false],
    // Half a pair would come back as something else.
    ['😀'.slice(0, 1), 10, false],
  ])('%j in %d bytes can be kept: %s', (value, most, can) => {
    expect(canBeKept(value, most)).toBe(can);
  });
});
