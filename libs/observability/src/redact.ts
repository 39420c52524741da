import { types } from 'node:util';
import { isCardNumber } from './card-numbers.ts';
import { errorFields } from './error-fields.ts';
import { REDACTED, redactText } from './redact-text.ts';

const MAX_DEPTH = 8;
const MAX_ENTRIES = 100;
const MAX_VALUES = 1_000;
const MAX_CHARACTERS = 65_536;

/** Names under which nothing but secrets is kept, as the end of a key in any spelling: apiKey, X-Api-Key, api_key. */
const SECRET_KEY =
  /(?:pass(?:word|wd|phrase|code)s?|pwd|secrets?|token|(?:api|access|private|signing|secret)[_-]?keys?|authorization|cookies?|credentials?|jwt|card[_-]?number|security[_-]?code|cvc2?|cvv2?)$|^(?:pan|pin)$/i;

/** How much of a value may still be looked at. */
interface Budget {
  values: number;
  characters: number;
}

/**
 * A copy fit to be logged: no secrets (by key or by look), no cycles, errors as data, and of bounded size.
 * Never throws, whatever the value does.
 */
export function redact(value: unknown): unknown {
  return copy(value, 0, { values: MAX_VALUES, characters: MAX_CHARACTERS });
}

/** The same for the fields of a log line. */
export function redactFields(fields: object): Record<string, unknown> {
  const clean = redact(isError(fields) ? { err: fields } : fields);
  return isRecord(clean) ? clean : { fields: clean };
}

function copy(value: unknown, depth: number, budget: Budget): unknown {
  switch (typeof value) {
    case 'string':
      return copyText(value, budget);
    case 'number':
      return looksLikeCard(value) ? REDACTED : value;
    case 'bigint':
      return copyText(String(value), budget);
    case 'object':
      return value === null ? null : copyObject(value, depth, budget);
    case 'function':
    case 'symbol':
      return `[${typeof value}]`;
    case 'boolean':
    case 'undefined':
      return value;
  }
}

function copyText(text: string, budget: Budget): string {
  if (budget.characters <= 0) return '[omitted]';
  const clean = redactText(text);
  budget.characters -= clean.length;
  return clean;
}

/**
 * A 13-digit number is the time in milliseconds far more often than a card, and no card begins with 1 then.
 * Numbers too large to be exact hold no information, but most of a card number.
 */
function looksLikeCard(value: number): boolean {
  const magnitude = Math.abs(value);
  if (magnitude < 2e12 || magnitude > 1e19 || !Number.isInteger(value)) return false;
  return !Number.isSafeInteger(value) || isCardNumber(String(magnitude));
}

function copyObject(value: object, depth: number, budget: Budget): unknown {
  if (depth >= MAX_DEPTH || budget.values <= 0) return '[omitted]';
  try {
    if (isError(value)) return copyEntries(errorFields(value), depth, budget);
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
    if (value instanceof Map || value instanceof Set) return `[${value.constructor.name} of ${value.size}]`;
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    if (Array.isArray(value)) return copyItems(value, depth, budget);
    if (hasToJson(value)) return copy(value.toJSON(), depth + 1, budget);
    return copyEntries(value as Record<string, unknown>, depth, budget);
  } catch {
    return '[unreadable]';
  }
}

function copyItems(items: readonly unknown[], depth: number, budget: Budget): unknown[] {
  const clean: unknown[] = [];
  for (const item of items.slice(0, MAX_ENTRIES)) {
    if (budget.values-- <= 0) break;
    clean.push(copy(item, depth + 1, budget));
  }
  if (clean.length < items.length) clean.push(`[${items.length - clean.length} more]`);
  return clean;
}

function copyEntries(
  fields: Record<string, unknown>,
  depth: number,
  budget: Budget,
): Record<string, unknown> {
  const clean: Record<string, unknown> = {};
  const keys = Object.keys(fields);
  let copied = 0;
  for (const key of keys.slice(0, MAX_ENTRIES)) {
    if (budget.values-- <= 0) break;
    copied++;
    const item = fields[key];
    if (item === undefined) continue;
    const known = knownKey(key);
    const name = budget.characters > 0 ? known.text : '[omitted]';
    budget.characters -= name.length;
    const value = known.isSecret && mayBeSecret(item) ? REDACTED : copy(item, depth + 1, budget);
    if (name === '__proto__') Object.defineProperty(clean, name, { value, enumerable: true });
    else clean[name] = value;
  }
  if (copied < keys.length) clean['[omitted]'] = `${keys.length - copied} more`;
  return clean;
}

/** A key as it is logged, and whether what it names is a secret. */
interface Key {
  readonly text: string;
  readonly isSecret: boolean;
}

/** Nearly all lines have the same few keys; those that a caller made up must not fill the memory. */
const knownKeys = new Map<string, Key>();
const MAX_KNOWN_KEYS = 1_000;
const MAX_KNOWN_KEY = 64;

function knownKey(key: string): Key {
  let known = knownKeys.get(key);
  if (!known) {
    known = { text: redactText(key), isSecret: SECRET_KEY.test(key) };
    if (knownKeys.size < MAX_KNOWN_KEYS && key.length <= MAX_KNOWN_KEY) knownKeys.set(key, known);
  }
  return known;
}

/** Whether a secret is there at all is no secret. */
function mayBeSecret(value: unknown): boolean {
  return value !== null && typeof value !== 'boolean';
}

/** Errors of another realm, such as a worker's or a test runner's, are no instances of this one's `Error`. */
function isError(value: object): value is Error {
  return value instanceof Error || types.isNativeError(value);
}

function hasToJson(value: object): value is { toJSON(): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
