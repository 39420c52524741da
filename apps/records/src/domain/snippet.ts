import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';

/** Longest snippet, in characters. */
export const MAX_SNIPPET = 200;

/** Characters shown of the text in front of the first match. */
const LEAD = 40;

/** Longest name of a place that is shown whole. */
const MAX_PLACE = 50;

/** Characters of a document, and of all documents together, that are looked at: a snippet must not hold up other calls. */
const MAX_EXAMINED = 20_000;
const MAX_EXAMINED_IN_ALL = 200_000;

/** Matches in one value that are looked at. */
const MAX_MATCHES = 100;

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
 * @returns for a document, `undefined` if none of the words is to be seen, or too much has been looked at already
 */
export function snippetsOf(words: readonly string[]): (document: JsonObject) => string | undefined {
  if (words.length === 0) return () => undefined;
  const escaped = words.map((word) =>
    word.replaceAll(/[^\p{L}\p{N}]/gu, (symbol) => `\\u{${codeOf(symbol)}}`),
  );
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${escaped.join('|')})(?![\\p{L}\\p{N}])`, 'giu');
  let left = MAX_EXAMINED_IN_ALL;
  return (document) => {
    const allowed = Math.min(left, MAX_EXAMINED);
    const { best, examined } = bestLeaf(document, pattern, words.length, allowed);
    left -= examined;
    return best && excerpt(best.leaf, best.start);
  };
}

function codeOf(symbol: string): string {
  return symbol.codePointAt(0)!.toString(16);
}

interface Best {
  readonly leaf: Leaf;
  readonly start: number;
  readonly seen: number;
}

function bestLeaf(
  document: JsonObject,
  pattern: RegExp,
  words: number,
  allowed: number,
): { best: Best | undefined; examined: number } {
  let best: Best | undefined;
  let examined = 0;
  for (const leaf of leaves(document, '')) {
    if (examined >= allowed) break;
    const { start, seen } = matchesIn(leaf.text.slice(0, allowed - examined), pattern, words);
    examined += leaf.text.length;
    if (seen > (best?.seen ?? 0)) best = { leaf, start, seen };
    if (seen === words) break;
  }
  return { best, examined: Math.min(examined, allowed) };
}

/** Where the first match is, and how many of the words are among the first matches. */
function matchesIn(text: string, pattern: RegExp, words: number): { start: number; seen: number } {
  const seen = new Set<string>();
  let start = 0;
  let matches = 0;
  for (const match of text.matchAll(pattern)) {
    if (matches++ === 0) start = match.index;
    seen.add(match[0].toLowerCase());
    if (seen.size === words || matches === MAX_MATCHES) break;
  }
  return { start, seen: seen.size };
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
