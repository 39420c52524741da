import type { Outcome, RunningCall } from '@gantry/pipeline';
import { argumentsDigest, type Digest } from './digest.ts';

/** What the two stages know of a call together. */
export interface TrackedCall {
  readonly at: string;
  /** Milliseconds of `performance.now()`. */
  readonly startedAt: number;
  /** Taken at the start: a handler may change what it was given. */
  readonly argumentsHash: Digest | null;
  /** The outcome whose row was inserted in the call's own transaction, which may still roll back. */
  inserted?: Outcome;
  /** An external effect may have happened, and no transaction of the call can hold its row. */
  isExternal?: true;
}

const calls = new WeakMap<RunningCall, TrackedCall>();

/** What is known of a call, from now on if it is new. */
export function trackedCall(call: RunningCall): TrackedCall {
  let tracked = calls.get(call);
  if (!tracked) {
    tracked = {
      at: new Date().toISOString(),
      startedAt: performance.now(),
      argumentsHash: argumentsDigest(call.arguments),
    };
    calls.set(call, tracked);
  }
  return tracked;
}

/**
 * Has the row been committed? The unit of work commits if, and only if, it lets the outcome through: on a
 * rollback, and when nobody knows, the call ends otherwise.
 */
export function isCommitted({ inserted }: TrackedCall, outcome: Outcome): boolean {
  if (!inserted) return false;
  return inserted.ok ? outcome.ok : !outcome.ok && inserted.error === outcome.error;
}
