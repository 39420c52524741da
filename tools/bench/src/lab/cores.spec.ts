import { describe, expect, it } from '@jest/globals';
import { chooseCores, parseCores } from './cores.ts';

describe('parseCores', () => {
  it.each([
    ['0', [0]],
    ['0-1', [0, 1]],
    ['0-2,5,8-9', [0, 1, 2, 5, 8, 9]],
  ])('reads %s', (list, expected) => {
    expect(parseCores(list)).toEqual(expected);
  });
});

describe('chooseCores', () => {
  it('gives the server one for itself', () => {
    expect(chooseCores([2, 3, 7])).toEqual({ server: 7, others: [2, 3] });
  });

  it('does not pin where there is nothing to share', () => {
    expect(chooseCores([0])).toBeUndefined();
  });
});
