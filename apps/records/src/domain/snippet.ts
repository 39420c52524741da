import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';

/** Longest snippet, in characters. */
export const MAX_SNIPPET = 200;

/** Characters shown of the text in front of the first match. */
const LEAD = 40;

/** Longest name of a place that is shown whole. */
const MAX_PLACE = 50;

/** Characters of a document that are looked at: a snippet is a help, not worth holding up other calls. */
const MAX_EXAMINED = 100_000;

/** A value of a document that can have words. */
interface Leaf {
  /** Names of properties from the outside in. */
  readonly place: string;
  readonly text: string;
}

/**
 * Shows where documents have these words: of the value with most of them its place in the document and the text around
 * the first of them.
 *
 * @returns for a document, `undefined` if none of the words is to be seen
 */
export function snippetsOf(words: readonly string[]): (document: JsonObject) => string | undefined {
  if (words.length === 0) return () => undefined;
  const escaped = words.map((word) =>
    word.replaceAll(/[^\p{L}\p{N}]/gu, (symbol) => `\\u{${codeOf(symbol)}}`),
  );
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${escaped.join('|')})(?![\\p{L}\\p{N}])`, 'giu');
  return (document) => {
    const best = bestLeaf(document, pattern, words.length);
    return best && excerpt(best.leaf, best.start);
  };
}

function codeOf(symbol: string): string {
  return symbol.codePointAt(0)!.toString(16);
}

function bestLeaf(
  document: JsonObject,
  pattern: RegExp,
  words: number,
): { leaf: Leaf; start: number } | undefined {
  let best: { leaf: Leaf; start: number; seen: number } | undefined;
  let left = MAX_EXAMINED;
  for (const leaf of leaves(document, '')) {
    const matches = [...leaf.text.slice(0, left).matchAll(pattern)];
    const seen = new Set(matches.map(([match]) => match.toLowerCase())).size;
    if (seen > (best?.seen ?? 0)) best = { leaf, start: matches[0]!.index, seen };
    left -= leaf.text.length;
    if (seen === words || left <= 0) break;
  }
  return best;
}

function* leaves(value: JsonValue, place: string): Generator<Leaf> {
  if (typeof value === 'string' || typeof value === 'number') yield { place, text: String(value) };
  else if (Array.isArray(value)) for (const item of value) yield* leaves(item, place);
  else if (isJsonObject(value))
    for (const [name, inner] of Object.entries(value))
      yield* leaves(inner, place ? `${place}.${name}` : name);
}

function excerpt({ place, text }: Leaf, start: number): string {
  const shownPlace = place.length > MAX_PLACE ? `…${place.slice(1 - MAX_PLACE)}` : place;
  const room = MAX_SNIPPET - shownPlace.length - ': ……'.length;
  const from = Math.max(0, Math.min(start - LEAD, text.length - room));
  const shown = text
    .slice(from, from + room)
    .replaceAll(/\s+/g, ' ')
    .trim();
  const [before, after] = [from > 0 ? '…' : '', from + room < text.length ? '…' : ''];
  // A cut may have left half a character.
  return `${shownPlace}: ${before}${shown}${after}`.toWellFormed();
}
