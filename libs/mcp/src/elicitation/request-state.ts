import type { SigningKeys } from '@gantry/config';
import { createHash, createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';
import { canonicalJson, type RunningCall } from '@gantry/pipeline';
import { z } from 'zod';

/** What a client said to a question, before it was held against the form. */
export const rawAnswer = z.object({
  action: z.enum(['accept', 'decline', 'cancel']),
  content: z.record(z.string(), z.unknown()).optional(),
});

/** See {@link rawAnswer}. */
export type RawAnswer = z.infer<typeof rawAnswer>;

/** What is remembered of an asked question. */
export interface KnownQuestion {
  /** Tells whether it is still the same question. */
  readonly digest: string;
  /** If it was answered in an earlier round. */
  readonly answer?: RawAnswer;
}

/** What happened in the rounds of a call so far. It is signed, not secret: the client knows all of it already. */
export interface CallState {
  /** The same in all rounds of a call, so that none of them counts once another one has. */
  readonly id: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
  /** By key. */
  readonly questions: Readonly<Record<string, KnownQuestion>>;
}

/** Longest state, in characters: answers are a few fields. */
export const MAX_STATE_LENGTH = 65_536;

/** Changes when the form of states does; part of what is signed. */
const VERSION = 1;

const MAC_BYTES = 32;

const HEADER_BYTES = 1 + MAC_BYTES;

/**
 * Turns the state of a call into an opaque text and back. The text is signed together with tool, arguments,
 * idempotency key, tenant, subject and client, so it opens for nobody else and for no other call.
 */
export class RequestStates {
  constructor(private readonly keys: SigningKeys) {}

  /** The text that the client is to send back; `undefined` if it would be too long. */
  seal(call: RunningCall, state: CallState): string | undefined {
    const payload = Buffer.from(JSON.stringify(state));
    const mac = macOf(this.keys.first, binding(call), payload);
    const text = Buffer.concat([Buffer.of(VERSION), mac, payload]).toString('base64url');
    return text.length <= MAX_STATE_LENGTH ? text : undefined;
  }

  /** The state; `undefined` if {@link RequestStates.seal} did not make the text for this very call, or too long ago. */
  open(call: RunningCall, text: string): CallState | undefined {
    const bytes = decode(text);
    if (!bytes || bytes[0] !== VERSION) return undefined;
    const mac = bytes.subarray(1, HEADER_BYTES);
    const payload = bytes.subarray(HEADER_BYTES);
    const bound = binding(call);
    if (!this.keys.all.some((key) => timingSafeEqual(macOf(key, bound, payload), mac))) return undefined;
    const state = JSON.parse(payload.toString()) as CallState;
    return Date.now() < state.expiresAt * 1_000 ? state : undefined;
  }
}

/** The bytes of a state; undefined if it is too short, too long, or not the one way to write these bytes. */
function decode(text: string): Buffer | undefined {
  if (text.length > MAX_STATE_LENGTH) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  // Buffer.from skips what is not base64url and ignores spare bits, so many texts decode to the same bytes.
  return bytes.length > HEADER_BYTES && bytes.toString('base64url') === text ? bytes : undefined;
}

/** Digest of everything that makes it this call and no other. */
function binding({ tool, principal, idempotencyKey, input }: RunningCall): Buffer {
  const { tenant, subject, client } = principal;
  const call = canonicalJson([tool.name, tenant, subject, client, idempotencyKey ?? null, input]);
  return createHash('sha256').update(call).digest();
}

/** The binding is of fixed length, so the parts cannot run into each other. */
function macOf(key: KeyObject, bound: Buffer, payload: Buffer): Buffer {
  return createHmac('sha256', key)
    .update(`gantry request state ${VERSION}\n`)
    .update(bound)
    .update(payload)
    .digest();
}
