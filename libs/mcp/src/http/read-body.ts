import type { IncomingMessage } from 'node:http';

/** A body that was larger than allowed. */
export class BodyTooLargeError extends Error {}

/** A body that was not JSON, or JSON nested deeper than anything honest. */
export class BodyNotJsonError extends Error {}

/** Deeper nesting is refused before it is parsed: later recursive walks must not run out of stack. */
const MAX_DEPTH = 64;

/**
 * Reads and parses a JSON body of at most `maxBytes`.
 *
 * @throws BodyTooLargeError, BodyNotJsonError
 */
export function readJsonBody(req: IncomingMessage, maxBytes: number): Promise<unknown> {
  if (Number(req.headers['content-length']) > maxBytes) return Promise.reject(new BodyTooLargeError());
  return new Promise<Buffer>((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let isRead = false;
    req.on('data', (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size <= maxBytes) return;
      req.removeAllListeners('data');
      reject(new BodyTooLargeError());
    });
    req.on('end', () => {
      isRead = true;
      resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
    });
    // Every request closes in the end.
    const endedEarly = () => {
      if (!isRead) reject(new BodyNotJsonError('the body ended early'));
    };
    req.on('error', endedEarly);
    req.on('close', endedEarly);
  }).then((bytes) => parseJson(decode(bytes)));
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new BodyNotJsonError('the body is not UTF-8');
  }
}

function parseJson(text: string): unknown {
  checkBounds(text);
  try {
    return JSON.parse(text);
  } catch {
    throw new BodyNotJsonError('the body is not valid JSON');
  }
}

/** What fits into a body of a mebibyte, but would keep everybody waiting while it is looked at. */
const MAX_KEYS = 25_000;
const MAX_VALUES = 100_000;

/** As many digits as a number may have that is exact, whatever they are. */
const EXACT_DIGITS = 15;

/** Refuses, before anything is made of it, what is too much to look at, and integers that are not exact as doubles. */
function checkBounds(text: string): void {
  let depth = 0;
  let keys = 0;
  let values = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === BACKSLASH) at++;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      if (++depth > MAX_DEPTH) throw tooMuch(`is nested deeper than ${MAX_DEPTH} levels`);
      if (++values > MAX_VALUES) throw tooMuch(`has more than ${MAX_VALUES} values`);
    } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) depth--;
    else if (code === COLON && ++keys > MAX_KEYS) throw tooMuch(`has more than ${MAX_KEYS} keys`);
    else if (code === COMMA && ++values > MAX_VALUES) throw tooMuch(`has more than ${MAX_VALUES} values`);
    else if (isDigit(code)) at = endOfNumber(text, at);
  }
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

function tooMuch(what: string): BodyNotJsonError {
  return new BodyNotJsonError(`the body ${what}`);
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/**
 * Where the number whose first digit stands at `start` ends.
 *
 * A 64-bit id that silently became its neighbour would be worse than one that is refused.
 */
function endOfNumber(text: string, start: number): number {
  let at = start;
  while (isDigit(text.charCodeAt(at + 1))) at++;
  if (at - start < EXACT_DIGITS || '.eE'.includes(text.charAt(at + 1) || ' ')) return at;
  const digits = text.slice(start, at + 1);
  // The digits of a fraction or an exponent are no integer.
  if ('.+eE'.includes(text.charAt(start - 1) || ' ') || Number.isSafeInteger(Number(digits))) return at;
  if (text.charAt(start - 1) === '-' && 'eE'.includes(text.charAt(start - 2) || ' ')) return at;
  throw new BodyNotJsonError(`the number ${digits.slice(0, 40)} cannot be kept exactly; send it as a string`);
}
