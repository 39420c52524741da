import { isAscii } from 'node:buffer';
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
  // Most bodies are ASCII, which is quicker to read.
  if (isAscii(bytes)) return bytes.toString('latin1');
  try {
    return utf8.decode(bytes);
  } catch {
    throw new BodyNotJsonError('the body is not UTF-8');
  }
}

function parseJson(text: string): unknown {
  if (nestingExceeds(text, MAX_DEPTH))
    throw new BodyNotJsonError(`the body is nested deeper than ${MAX_DEPTH} levels`);
  try {
    return LONG_NUMBER.test(text) ? JSON.parse(text, refuseInexact) : JSON.parse(text);
  } catch (error) {
    if (error instanceof BodyNotJsonError) throw error;
    throw new BodyNotJsonError('the body is not valid JSON');
  }
}

/** Only a body with this many digits in a row can hold an integer that is not exact. */
const LONG_NUMBER = /\d{16}/;

/** A 64-bit id that silently became its neighbour would be worse than one that is refused. */
function refuseInexact(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source ?? '';
  if (Number.isInteger(value) && !Number.isSafeInteger(value) && /^-?\d+$/.test(source)) {
    throw new BodyNotJsonError(
      `the number ${source.slice(0, 40)} cannot be kept exactly; send it as a string`,
    );
  }
  return value;
}

/** Counts brackets outside strings. */
function nestingExceeds(text: string, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === 0x5c) at++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > limit) return true;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return false;
}
