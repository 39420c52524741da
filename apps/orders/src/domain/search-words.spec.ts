import { describe, expect, it } from '@jest/globals';
import { searchWords } from './search-words.ts';

describe('searchWords', () => {
  it.each([
    ['Côte de Blaye', ['cote', 'de', 'blaye']],
    // Decomposed already.
    ['Co\u0302te', ['cote']],
    ['NW-042/b', ['nw', '042', 'b']],
    ['tea, Tea & TEA', ['tea']],
    ['Жигулёвское 50% Ελλάδα', ['жигулевское', '50', 'ελλαδα']],
    ['緑茶 ｔｅａ', ['緑茶', 'tea']],
    // Vowel signs of other scripts are no accents.
    ['हिन्दी', ['हिन्दी']],
    ['', []],
    ['-- !', []],
  ])('reads "%s"', (text, words) => {
    expect(searchWords(text)).toEqual(words);
  });

  it('cuts long words, between characters', () => {
    expect(searchWords('a'.repeat(1_000))).toEqual(['a'.repeat(40)]);
    expect(searchWords('𝒳'.repeat(50))).toEqual(['x'.repeat(40)]);
    expect(searchWords('𐐨'.repeat(50))).toEqual(['𐐨'.repeat(40)]);
  });
});
