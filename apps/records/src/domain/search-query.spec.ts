import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseSearchQuery } from './search-query.ts';

describe('parseSearchQuery', () => {
  it.each<[string, string, string[]]>([
    ['salt Lake', '"salt" "Lake"', ['salt', 'lake']],
    ['"salt lake" city', '"salt lake" "city"', ['salt', 'lake', 'city']],
    ['salt or pepper', '"salt" or "pepper"', ['salt', 'pepper']],
    ['salt OR pepper', '"salt" or "pepper"', ['salt', 'pepper']],
    ['"or" -or', '"or" -"or"', ['or']],
    ['salt -lake -"great basin"', '"salt" -"lake" -"great basin"', ['salt']],
    ['2026-01-31', '"2026 01 31"', ['2026', '01', '31']],
    ['foo@bar.com -x_y', '"foo bar com" -"x y"', ['foo', 'bar', 'com']],
    ["O’Brien o'brien", '"O Brien" "o brien"', ['o', 'brien']],
    ['“salt” — pepper…', '"salt" "pepper"', ['salt', 'pepper']],
    ['"salt', '"salt"', ['salt']],
    ['salt"lake"', '"salt" "lake"', ['salt', 'lake']],
    ['- & | ! () <-> :* \\ \'\' "" -"" "-"', '', []],
    ['', '', []],
    ['  Zürich\n東京\t€5 ', '"Zürich" "東京" "€5"', ['zürich', '東京', '€5']],
  ])('reads %j', (query, text, words) => {
    expect(parseSearchQuery(query)).toEqual({ text, words });
  });

  it('makes of any text one that has no punctuation but its own', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (query) => {
        expect(parseSearchQuery(query).text).toMatch(/^(?:(?:or|-?"[^!-/:-@[-`{-~]+")(?: |$))*$/);
      }),
    );
  });
});
