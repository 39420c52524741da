import { hash } from 'node:crypto';
import { redactText } from '@gantry/observability';
import { canonicalJson } from '@gantry/pipeline';

/** SHA-256 as Postgres reads and prints a bytea. */
export type Digest = `\\x${string}`;

/**
 * Tells which arguments were sent, not what they were. The idempotency key is no part of it: the same intent with
 * another key has the same digest.
 *
 * @returns null for what has no JSON, such as a number too large for a double
 */
export function argumentsDigest(args: unknown): Digest | null {
  try {
    return sha256(canonicalJson(withoutKey(args ?? {})));
  } catch {
    return null;
  }
}

/**
 * Finds the calls of an intent without keeping the caller's text. A digest of a card number can be turned back by
 * trying them all, so what looks like one, or like a secret, is taken out of the key before.
 */
export function keyDigest(key: string | undefined): Digest | null {
  return key === undefined ? null : sha256(redactText(key));
}

function withoutKey(args: unknown): unknown {
  if (typeof args !== 'object' || args === null || Array.isArray(args)) return args;
  const { idempotency_key: _key, ...rest } = args as Record<string, unknown>;
  return rest;
}

function sha256(text: string): Digest {
  return `\\x${hash('sha256', text)}`;
}
