import { describe, expect, it } from '@jest/globals';
import { headerFlaw, MAX_COLUMNS } from './csv-header.ts';

describe('what is wrong with a header', () => {
  it.each<[(string | null)[], string | undefined]>([
    [['a', 'b'], undefined],
    [['a', null], 'has a column without a name'],
    [['a', ''], 'has a column without a name'],
    [['a', 'b', 'a'], 'names the column "a" twice'],
    [Array.from({ length: MAX_COLUMNS }, (_, index) => `c${index}`), undefined],
    [Array.from({ length: MAX_COLUMNS + 1 }, (_, index) => `c${index}`), 'has more than 1000 columns'],
  ])('of %j', (cells, flaw) => {
    expect(headerFlaw(cells)).toBe(flaw);
  });
});
