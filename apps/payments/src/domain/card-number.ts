/** A place in a JSON value: keys and indexes from the root down. */
export type JsonPath = readonly (string | number)[];

/** What the numbers of a card network begin with, as a range of equally long prefixes, and how long they are. */
interface Network {
  readonly from: number;
  readonly to: number;
  readonly lengths: readonly [min: number, max: number];
}

/**
 * The networks that issue cards (ISO/IEC 7812). Without them, one in ten of all long numbers would pass for a card:
 * timestamps, dates in keys, account numbers.
 */
const NETWORKS: readonly Network[] = [
  { from: 1, to: 1, lengths: [15, 15] }, // UATP
  { from: 2131, to: 2131, lengths: [15, 15] }, // JCB
  { from: 1800, to: 1800, lengths: [15, 15] },
  { from: 2200, to: 2205, lengths: [16, 19] }, // Mir, Belkart
  { from: 2221, to: 2720, lengths: [16, 16] }, // Mastercard
  { from: 300, to: 305, lengths: [14, 19] }, // Diners Club
  { from: 3095, to: 3095, lengths: [14, 19] },
  { from: 36, to: 36, lengths: [14, 19] },
  { from: 38, to: 39, lengths: [14, 19] },
  { from: 34, to: 34, lengths: [15, 15] }, // American Express
  { from: 37, to: 37, lengths: [15, 15] },
  { from: 3528, to: 3589, lengths: [16, 19] }, // JCB
  { from: 4, to: 4, lengths: [13, 19] }, // Visa
  { from: 50, to: 50, lengths: [13, 19] }, // Maestro, Dankort, Verve, RuPay
  { from: 51, to: 55, lengths: [16, 16] }, // Mastercard
  { from: 56, to: 59, lengths: [13, 19] }, // Maestro
  { from: 60, to: 69, lengths: [13, 19] }, // Discover, UnionPay, RuPay, Maestro, Elo, Hipercard, Troy
  { from: 81, to: 82, lengths: [14, 19] }, // UnionPay, RuPay
  { from: 9792, to: 9792, lengths: [16, 16] }, // Troy
  { from: 9860, to: 9860, lengths: [16, 16] }, // Humo
];

const MIN_DIGITS = 13;
const MAX_DIGITS = 19;

/** What people put between groups of digits: blanks or dashes of any script, and marks that nobody sees. */
const GAP = /^[\s\p{Pd}\u00ad\u200b-\u200d\u2060\ufeff]{1,3}$/u;
const DIGITS = /\d+/g;

/** Digits of a UUID are no card, though its groups may look like one. */
const UUID = /(?<![0-9a-z])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-z])/gi;

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
  if (!Number.isInteger(value) || Math.abs(value) >= 10 ** MAX_DIGITS) return false;
  return !Number.isSafeInteger(value) || endInCardNumber([String(Math.abs(value))]);
}

/** Is there something in this text that looks like a card number? */
export function holdsCardNumber(text: string): boolean {
  if (text.length < MIN_DIGITS) return false;
  // Full-width digits and the like become plain ones.
  const plain = text.normalize('NFKC').replace(UUID, 'uuid');
  let groups: string[] = [];
  let end = 0;
  for (const { 0: group, index } of plain.matchAll(DIGITS)) {
    const isNext = index - end <= 3 && GAP.test(plain.slice(end, index));
    if (!isNext) groups = [];
    if (groups.push(group) > MAX_DIGITS) groups.shift();
    if (endInCardNumber(groups)) return true;
    end = index + group.length;
  }
  return false;
}

/**
 * A card number begins and ends with a group of digits. Its check digit (ISO/IEC 7812-1, annex B) counts from the
 * right, so the sum grows with each group to the left.
 */
function endInCardNumber(groups: readonly string[]): boolean {
  let length = 0;
  let sum = 0;
  for (let first = groups.length - 1; first >= 0; first--) {
    const group = groups[first]!;
    if (length + group.length > MAX_DIGITS) return false;
    for (let index = group.length - 1; index >= 0; index--) {
      sum += weighed(group.charCodeAt(index) - 48, length % 2 === 1);
      length += 1;
    }
    if (length >= MIN_DIGITS && sum % 10 === 0 && isOfNetwork(groups.slice(first).join(''))) return true;
  }
  return false;
}

function weighed(digit: number, isSecond: boolean): number {
  if (!isSecond) return digit;
  return digit > 4 ? digit * 2 - 9 : digit * 2;
}

function isOfNetwork(digits: string): boolean {
  return NETWORKS.some(({ from, to, lengths: [min, max] }) => {
    const prefix = Number(digits.slice(0, String(from).length));
    return prefix >= from && prefix <= to && digits.length >= min && digits.length <= max;
  });
}
