import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from './json.ts';
import { MAX_SNIPPET, snippetsOf } from './snippet.ts';

const snippet = (document: JsonObject, ...words: string[]) => snippetsOf(words)(document);

describe('snippetsOf', () => {
  const document: JsonObject = {
    title: 'A trip to Utah',
    stops: [{ city: 'Salt Lake City', days: 2 }, { city: 'Lake Tahoe' }],
    price: 1200,
  };

  it.each<[string[], string | undefined]>([
    [['utah'], 'title: A trip to Utah'],
    [['lake'], 'stops.city: Salt Lake City'],
    [['lake', 'tahoe'], 'stops.city: Lake Tahoe'],
    [['1200'], 'price: 1200'],
    [['tah'], undefined],
    [['city', 'utah'], 'title: A trip to Utah'],
    [['stops'], undefined],
    [[], undefined],
  ])('shows where %j are', (words, shown) => {
    expect(snippet(document, ...words)).toBe(shown);
  });

  it('shows the text around the first match, on one line', () => {
    const text = `${'before '.repeat(50)}\n\tneedle\n\n${'after '.repeat(50)}`;
    const shown = snippet({ text }, 'needle')!;
    expect(shown).toMatch(/^text: …[\w ]+ needle [\w ]+…$/);
    expect(shown.length).toBeLessThanOrEqual(MAX_SNIPPET);
  });

  it('shows as much as it may when the match is at the end', () => {
    const shown = snippet({ text: `${'before '.repeat(50)}needle` }, 'needle')!;
    expect(shown).toMatch(/needle$/);
    expect(shown.length).toBeGreaterThan(MAX_SNIPPET - 10);
  });

  it('takes symbols of a word for themselves', () => {
    expect(snippet({ price: 'over €5' }, '€5')).toBe('price: over €5');
    expect(snippet({ text: 'a$b' }, '.', '€')).toBeUndefined();
  });

  it('looks at no more than the beginning of a large document', () => {
    expect(snippet({ a: 'x '.repeat(60_000), b: 'needle' }, 'needle')).toBeUndefined();
  });

  it('looks at so much of a page and no more: the documents behind it have none', () => {
    const snippetOf = snippetsOf(['needle', 'absent']);
    const large = { text: 'needle '.repeat(10_000) };
    const shown = Array.from({ length: 100 }, () => snippetOf(large));
    expect(shown[0]).toContain('needle');
    expect(shown.filter((one) => one !== undefined)).toHaveLength(10);
  });

  it('is bounded and well-formed, whatever there is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 80 }),
        fc.array(fc.string({ unit: 'grapheme', maxLength: 300 })),
        (name, texts) => {
          const shown = snippet(
            { [name]: { [name]: [...texts, 'needle', '😀'.repeat(200)] } },
            'needle',
            '😀',
          );
          expect(shown!.length).toBeLessThanOrEqual(MAX_SNIPPET);
          expect(shown!.isWellFormed()).toBe(true);
        },
      ),
    );
  });
});
