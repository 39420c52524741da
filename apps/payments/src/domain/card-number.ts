import { CARD_DIGITS, isOfNetwork, PREFIX_DIGITS } from './card-networks.ts';

/** A place in a JSON value: keys and indexes from the root down. */
export type JsonPath = readonly (string | number)[];

/**
 * Where in a JSON value there is something that looks like a card number: in any text, key or number. Takes time in
 * proportion to the size of the value.
 *
 * @returns the path to the first one, which itself holds no card number; `undefined` if there is none
 */
export function findCardNumber(value: unknown): JsonPath | undefined {
  const pending: Place[] = [{ value }];
  for (let place = pending.pop(); place; place = pending.pop()) {
    const { value: current } = place;
    if (typeof current === 'object' && current !== null) {
      for (const key of Object.keys(current)) {
        // Of a key that is a card number only the object it is in can be named.
        if (!Array.isArray(current) && holdsCardNumber(key)) return pathTo(place);
        const step = Array.isArray(current) ? Number(key) : key;
        pending.push({ value: (current as Record<string, unknown>)[key], step, parent: place });
      }
    } else if (isCardLike(current)) {
      return pathTo(place);
    }
  }
  return undefined;
}

/** Linked upwards, so that going down costs the same at any depth. */
interface Place {
  readonly value: unknown;
  readonly step?: string | number;
  readonly parent?: Place;
}

function pathTo(place: Place): JsonPath {
  const path: (string | number)[] = [];
  for (let at: Place | undefined = place; at?.step !== undefined; at = at.parent) path.push(at.step);
  return path.reverse();
}

function isCardLike(value: unknown): boolean {
  if (typeof value === 'string') return holdsCardNumber(value);
  return typeof value === 'number' && isCardLikeNumber(value);
}

/** Beyond 2^53 the last digits were lost when the JSON was read, so a card number cannot be ruled out. */
function isCardLikeNumber(value: number): boolean {
  if (!Number.isInteger(value) || Math.abs(value) >= 10 ** CARD_DIGITS.most) return false;
  return !Number.isSafeInteger(value) || holdsCardNumber(String(Math.abs(value)));
}

/**
 * Is there something in this text that looks like a card number? Whole files are searched, so the text is gone through
 * once, unit by unit, and nothing is made of it.
 */
export function holdsCardNumber(text: string): boolean {
  if (text.length < CARD_DIGITS.least) return false;
  const groups = new DigitGroups();
  for (let at = 0; at <= text.length; at++) {
    const unit = at < text.length ? text.charCodeAt(at) : END;
    // Nearly all of a text.
    if (groups.isEmpty && unit < FIRST_UNUSUAL && !isDigit(unit)) continue;
    const code = isHighSurrogate(unit) ? text.codePointAt(at)! : unit;
    const first = groups.add(code, at);
    if (code > 0xffff) at++;
    if (first === undefined) continue;
    const uuid = uuidAround(text, first, at);
    if (uuid === undefined) return true;
    groups.clear();
    at = uuid - 1;
  }
  return false;
}

/** No character. */
const END = 0;

/** Characters before it are what they look like. */
const FIRST_UNUSUAL = 0x80;

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** What a character is to a card number, beside a digit. */
const GAP = 10;
const SEVERAL = 11;
const OTHER = 12;

/** What people put between groups of digits: blanks or dashes of any script, and marks that nobody sees. */
const IN_GAP = /^[\s\p{Pd}\u00ad\u200b-\u200d\u2060\ufeff]$/u;
const LONGEST_GAP = 3;

/** Room for the digits of the longest card number, by their number from the beginning modulo this. */
const ROOM = 32;
const LAST = ROOM - 1;

/** Digits that belong together, as far as a text has been gone through: as many of them as a card number has. */
class DigitGroups {
  readonly #digits = new Uint8Array(ROOM);
  /** What the digits before each one add up to, every other one weighed: those with an even or an odd number. */
  readonly #even = new Int32Array(ROOM);
  readonly #odd = new Int32Array(ROOM);
  #count = 0;
  /** Where each group begins: among the digits, and in the text. */
  readonly #starts = new Int32Array(ROOM);
  readonly #places = new Int32Array(ROOM);
  #groups = 0;
  /** The first group from which on there are no more digits than a card number has. */
  #near = 0;
  #gap = LONGEST_GAP;

  /** Adds a character of the text. @returns where a card number begins that ends before it, if one does */
  add(code: number, place: number): number | undefined {
    const meaning = meaningOf(code);
    if (meaning !== SEVERAL) return this.#add(meaning, place);
    let first: number | undefined;
    for (const character of EXPANSIONS.get(code)!)
      first ??= this.#add(meaningOf(character.codePointAt(0)!), place);
    return first;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** Forgets all digits. */
  clear(): void {
    this.#count = 0;
    this.#groups = 0;
    this.#near = 0;
    this.#gap = LONGEST_GAP;
  }

  #add(meaning: number, place: number): number | undefined {
    if (meaning < GAP) {
      if (this.#gap > 0) this.#begin(place);
      this.#push(meaning);
      return undefined;
    }
    const first = this.#gap === 0 ? this.#cardBegins() : undefined;
    if (meaning === OTHER || ++this.#gap > LONGEST_GAP) this.clear();
    return first;
  }

  #begin(place: number): void {
    this.#starts[this.#groups & LAST] = this.#count;
    this.#places[this.#groups & LAST] = place;
    this.#groups++;
    this.#gap = 0;
  }

  #push(digit: number): void {
    const at = this.#count & LAST;
    const next = ++this.#count & LAST;
    const weighed = digit > 4 ? digit * 2 - 9 : digit * 2;
    this.#digits[at] = digit;
    this.#even[next] = this.#even[at]! + (at % 2 === 0 ? weighed : digit);
    this.#odd[next] = this.#odd[at]! + (at % 2 === 0 ? digit : weighed);
  }

  /** A card number begins and ends with a group. Its check digit (ISO/IEC 7812-1, annex B) counts from the right. */
  #cardBegins(): number | undefined {
    const count = this.#count;
    const sums = count % 2 === 0 ? this.#even : this.#odd;
    let first: number | undefined;
    for (let group = this.#near; group < this.#groups; group++) {
      const start = this.#starts[group & LAST]!;
      const length = count - start;
      if (length > CARD_DIGITS.most) this.#near = group + 1;
      else if (length < CARD_DIGITS.least) break;
      else if ((sums[count & LAST]! - sums[start & LAST]!) % 10 === 0 && this.#isOfNetwork(start, length))
        first = this.#places[group & LAST];
    }
    return first;
  }

  #isOfNetwork(start: number, length: number): boolean {
    let prefix = 0;
    for (let at = start; at < start + PREFIX_DIGITS; at++) prefix = 10 * prefix + this.#digits[at & LAST]!;
    return isOfNetwork(prefix, length);
  }
}

/** What each code point means, found out when it is first seen; one more than that, so that 0 is not known yet. */
const MEANINGS = new Uint8Array(0x110000);

/** Those that stand for several characters, digits among them. */
const EXPANSIONS = new Map<number, string>();

/** Full-width digits and the like are plain ones. */
function meaningOf(code: number): number {
  const known = MEANINGS[code]!;
  if (known > 0) return known - 1;
  const plain = String.fromCodePoint(code).normalize('NFKC');
  let meaning = OTHER;
  if (/^\d$/.test(plain)) meaning = Number(plain);
  else if (IN_GAP.test(plain)) meaning = GAP;
  else if (/\d/.test(plain)) {
    meaning = SEVERAL;
    EXPANSIONS.set(code, plain);
  }
  MEANINGS[code] = meaning + 1;
  return meaning;
}

/** Digits of a UUID are no card, though its groups may look like one. */
const UUID = /(?<![0-9a-z])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-z])/gi;
const UUID_LENGTH = 36;

/** The end of a UUID that has some of these characters. */
function uuidAround(text: string, from: number, to: number): number | undefined {
  const begin = Math.max(0, from - UUID_LENGTH);
  for (const { index } of text.slice(begin, to + UUID_LENGTH).matchAll(UUID)) {
    const end = begin + index + UUID_LENGTH;
    if (begin + index < to && end > from) return end;
  }
  return undefined;
}
