import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { flag, list } from './schemas.ts';

describe('flag', () => {
  it.each([
    ['true', true],
    ['1', true],
    ['false', false],
    ['0', false],
  ])('reads %s as %s', (text, value) => {
    expect(flag().parse(text)).toBe(value);
  });

  it.each(['yes', 'TRUE', '', '2', 'toString'])('refuses %j', (text) => {
    expect(flag().safeParse(text).success).toBe(false);
  });

  it('takes a default', () => {
    expect(flag().default(true).parse(undefined)).toBe(true);
    expect(flag().default(true).parse('0')).toBe(false);
  });
});

describe('list', () => {
  it('splits at commas and drops the spaces around', () => {
    expect(list(z.string()).parse(' a, b ,c')).toEqual(['a', 'b', 'c']);
    expect(list(z.string()).parse('a')).toEqual(['a']);
  });

  it('fits every item to its schema', () => {
    expect(list(z.string().transform(Number)).parse('1, 2')).toEqual([1, 2]);
    expect(list(z.enum(['a', 'b'])).safeParse('a,c').success).toBe(false);
  });

  it.each(['a,,b', ',', 'a,', ' '])('refuses the empty item in %j', (text) => {
    expect(list(z.string()).safeParse(text).success).toBe(false);
  });
});
