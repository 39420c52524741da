import { createHash } from 'node:crypto';
import { epochSeconds } from './date-time.ts';
import type { JsonValue } from './json.ts';

/** Types a field can be indexed as. */
export const KEY_TYPES = ['string', 'number', 'boolean', 'date-time'] as const;

/** What an indexed field holds. */
export type KeyType = (typeof KEY_TYPES)[number];

/** Key of a field that is absent or null: it sorts after every other. */
export const MISSING_KEY = '~';

/**
 * Characters of a string that its key keeps as they are. Longer strings end in a digest: equal strings have equal
 * keys, but order only counts up to here. Small enough for any key to fit a B-tree page and a page cursor.
 */
export const MAX_KEY_TEXT = 200;

/** Before the key of every value; smaller than {@link MISSING_KEY}. */
const PRESENT = '=';

/**
 * The text under which a value is filed in an index: its byte order is the order of the values. Strings are in
 * the order of their code points, dates in the order of time wherever their zones are.
 *
 * @returns `undefined` if the value is not of the type
 */
export function indexKey(type: KeyType, value: JsonValue | undefined): string | undefined {
  if (value === undefined || value === null) return MISSING_KEY;
  const key = encode(type, value);
  return key === undefined ? undefined : PRESENT + key;
}

/** Bounds of the keys of all strings that start with `prefix`: from the first, inclusive, to the second, exclusive. */
export function prefixBounds(prefix: string): [string, string] {
  return [PRESENT + prefix, successor(PRESENT + prefix)];
}

function encode(type: KeyType, value: JsonValue): string | undefined {
  switch (type) {
    case 'string':
      return typeof value === 'string' ? stringKey(value) : undefined;
    case 'number':
      return typeof value === 'number' ? numberKey(value) : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? String(Number(value)) : undefined;
    case 'date-time':
      return typeof value === 'string' ? dateTimeKey(value) : undefined;
  }
}

function stringKey(text: string): string {
  // A string has at most as many code points as UTF-16 units: most need no counting.
  if (text.length <= MAX_KEY_TEXT) return text;
  const kept = [...text.slice(0, 2 * MAX_KEY_TEXT)].slice(0, MAX_KEY_TEXT).join('');
  if (kept.length === text.length) return text;
  return kept + createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** The bits of a double in an order that grows with its value: sign flipped, and all other bits too if negative. */
function numberKey(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value === 0 ? 0 : value); // -0 and 0 are one value
  const bits = view.getBigUint64(0);
  const ordered = bits >> 63n ? bits ^ 0xffff_ffff_ffff_ffffn : bits ^ 0x8000_0000_0000_0000n;
  return ordered.toString(16).padStart(16, '0');
}

/** Years 0000 to 9999 in any zone, as seconds that are never negative and always of the same length. */
function dateTimeKey(text: string): string | undefined {
  const instant = epochSeconds(text);
  if (!instant) return undefined;
  return (
    String(instant.seconds + 100_000_000_000).padStart(12, '0') + (instant.fraction && `.${instant.fraction}`)
  );
}

/** The smallest text greater than every text that starts with `prefix`, in code point order. */
function successor(prefix: string): string {
  const points = [...prefix].map((character) => character.codePointAt(0)!);
  while (points.at(-1) === 0x10ffff) points.pop();
  const last = points.pop()!; // never runs out: every key starts with PRESENT
  return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
}
