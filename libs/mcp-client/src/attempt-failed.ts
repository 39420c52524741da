import { GantryError, SHARED_ERRORS, type ErrorCategory } from '@gantry/errors';
import type { Refusal } from './refusal.ts';

/** What resilience has to know of an attempt that failed, and what the call is to make of it. */
export interface AttemptFailure {
  /** Whose fault it is: the breaker counts a `server_error`. */
  readonly category: ErrorCategory;
  /** May another attempt succeed? */
  readonly retryable: boolean;
  readonly retryAfterSeconds?: number | undefined;
  /** What the server said, if it said anything. */
  readonly refusal?: Refusal;
  readonly cause: unknown;
}

/** An attempt that failed, in the terms by which resilience decides. It never leaves this library. */
export class AttemptFailed extends GantryError {
  readonly refusal: Refusal | undefined;

  constructor({ refusal, ...failure }: AttemptFailure) {
    super({
      code: 'attempt_failed',
      message: 'The attempt failed.',
      hint: SHARED_ERRORS.dependency_unavailable.hint,
      ...failure,
    });
    this.refusal = refusal;
  }
}

/** The server is away, or failed. */
export function failed(cause: unknown, retryAfterSeconds?: number): AttemptFailed {
  return new AttemptFailed({ category: 'server_error', retryable: true, retryAfterSeconds, cause });
}

/** Server and service do not fit together: it works, but not for us, until somebody changes something. */
export function misconfigured(cause: unknown): AttemptFailed {
  return new AttemptFailed({ category: 'client_error', retryable: false, cause });
}

/** The server said no. */
export function refused(refusal: Refusal, cause?: unknown): AttemptFailed {
  const { category, retryable, retryAfterSeconds, code, errorId } = refusal;
  return new AttemptFailed({
    category,
    retryable,
    retryAfterSeconds,
    refusal,
    cause: cause ?? new Error(`It answered ${code}${errorId === undefined ? '' : ` (${errorId})`}.`),
  });
}
