import type { SigningKeys } from '@gantry/config';
import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';
import { validationError, type GantryError } from '@gantry/errors';
import { canonicalJson, type ToolCall } from '@gantry/pipeline';

/** Where a page ended: the sort values of its last row, in the order of the sort. */
export type Position = readonly (string | number | boolean | null)[];

/**
 * Everything that decides which rows come in which order: filter and sort, but neither `limit` nor `fields`.
 * Properties that are `undefined` count as absent.
 */
export type PageQuery = Readonly<Record<string, unknown>>;

/** Longest cursor, in characters. */
export const MAX_CURSOR_LENGTH = 2_048;

/** Changes when the form of cursors does; part of what is signed. */
const VERSION = 1;

/**
 * Half of SHA-256, the least that RFC 2104 recommends and 2^128 guesses too many: a model has to repeat a
 * cursor letter by letter, so every byte counts.
 */
const MAC_BYTES = 16;

const HEADER_BYTES = 1 + MAC_BYTES;

/**
 * Turns a position into an opaque text and back. The text is signed together with tool, tenant, subject,
 * client and query, so it opens for nobody and nothing else. Signed, not encrypted: a position holds values
 * of a row that its reader has just been given.
 */
export class Cursors {
  constructor(private readonly keys: SigningKeys) {}

  /** @throws GantryError `validation_error` if a sort value is too long to go into a cursor */
  seal(call: Pick<ToolCall, 'tool' | 'principal'>, query: PageQuery, position: Position): string {
    const payload = canonicalJson(position);
    const mac = macOf(this.keys.first, binding(call, query), payload);
    const cursor = Buffer.concat([Buffer.of(VERSION), mac, Buffer.from(payload)]).toString('base64url');
    if (cursor.length > MAX_CURSOR_LENGTH) throw tooLong();
    return cursor;
  }

  /** @throws GantryError `validation_error` if {@link Cursors.seal} did not make it for this very call and query */
  open(call: Pick<ToolCall, 'tool' | 'principal'>, query: PageQuery, cursor: string): Position {
    const bytes = decode(cursor);
    if (!bytes || bytes[0] !== VERSION) throw refused();
    const mac = bytes.subarray(1, HEADER_BYTES);
    const payload = bytes.subarray(HEADER_BYTES).toString();
    const bound = binding(call, query);
    if (!this.keys.all.some((key) => timingSafeEqual(macOf(key, bound, payload), mac))) throw refused();
    return JSON.parse(payload) as Position;
  }
}

/** The bytes of a cursor; undefined if it is too short, too long, or not the one way to write these bytes. */
function decode(cursor: string): Buffer | undefined {
  if (cursor.length > MAX_CURSOR_LENGTH) return undefined;
  const bytes = Buffer.from(cursor, 'base64url');
  // Buffer.from skips what is not base64url and ignores spare bits, so many texts decode to the same bytes.
  return bytes.length > HEADER_BYTES && bytes.toString('base64url') === cursor ? bytes : undefined;
}

function binding({ tool, principal }: Pick<ToolCall, 'tool' | 'principal'>, query: PageQuery): string {
  return canonicalJson([VERSION, tool.name, principal.tenant, principal.subject, principal.client, query]);
}

/** A line feed cannot occur inside JSON text, so it separates the two without ambiguity. */
function macOf(key: KeyObject, bound: string, payload: string): Buffer {
  return createHmac('sha256', key)
    .update(`gantry cursor\n${bound}\n${payload}`)
    .digest()
    .subarray(0, MAC_BYTES);
}

/** One answer to everything that is wrong with a cursor: who tampers learns nothing from it. */
function refused(): GantryError {
  return validationError('The cursor does not belong to this call.', [
    {
      path: '/cursor',
      message:
        'Send next_cursor of the previous page unchanged and keep the filter and sort of that call, or leave ' +
        'cursor out to start at the first page.',
    },
  ]);
}

function tooLong(): GantryError {
  return validationError(
    'The list cannot go on in this order: a value it is sorted by is too long for a cursor.',
    [{ path: '/sort', message: 'Sort by a field with shorter values.' }],
  );
}
