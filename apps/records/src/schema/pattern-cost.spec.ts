import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LinearRegExp } from './linear-regexp.ts';
import { patternCost } from './pattern-cost.ts';

const atom = fc.constantFrom(
  ...[
    'a',
    '.',
    '^',
    '$',
    '\\b',
    '\\w',
    '\\p{L}',
    '[^\\]a-z)]',
    '[({]',
    '\\(',
    '\\u{1F600}',
    '\\u0041',
    '\\x41',
  ],
  ...['😀', '\\{', '\\/', '[\\p{L}\\d]', 'ß', '\\uD83D\\uDE00'],
);
const quantifier = fc.constantFrom(
  ...['', '*', '+', '?', '*?', '{0}', '{3}', '{0,3}', '{2,}', '{0,}', '{1,1}', '{2,5}?', '{0,0}'],
);
const { pattern } = fc.letrec<{ pattern: string; part: string; quantified: string }>((tie) => ({
  part: fc.oneof(
    { depthSize: 'small' },
    atom,
    fc
      .tuple(fc.constantFrom('(', '(?:', '(?<name>'), tie('pattern'))
      .map(([open, inner]) => `${open}${inner.replaceAll('<name>', ':').replaceAll('(?::', '(?:')})`),
  ),
  quantified: fc
    .tuple(tie('part'), quantifier)
    .map(([part, times]) => (/^(\^|\$|\\b)$/.test(part) ? part : part + times)),
  pattern: fc
    .array(fc.array(tie('quantified'), { maxLength: 4 }), { minLength: 1, maxLength: 3 })
    .map((choices) => choices.map((parts) => parts.join('')).join('|')),
}));

describe('patternCost', () => {
  it('is never less than the size of the compiled pattern', () => {
    fc.assert(
      fc.property(pattern, (text) => {
        let compiled: LinearRegExp;
        try {
          compiled = new LinearRegExp(text);
        } catch {
          return; // repeated too often for the engine
        }
        expect(patternCost(text)).toBeGreaterThanOrEqual(compiled.size);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['^[A-Z]{3}$', 60],
    ['^[\\w.+-]{1,64}@[a-z0-9-]{1,63}(\\.[a-z]{2,})+$', 350],
    ['^\\p{L}[\\p{L} -]{0,99}$', 500],
  ])('is little for %s', (text, most) => {
    expect(patternCost(text)).toBeLessThan(most);
  });

  it.each(['(\\w{999}){999}', '((a{100}){100}){100}', `(?:${'a'.repeat(30_000)}){1000}`])(
    'counts the repetitions of %#',
    (text) => {
      expect(patternCost(text)).toBeGreaterThan(900_000);
    },
  );
});
