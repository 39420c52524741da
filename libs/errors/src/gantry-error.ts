import { typeidUnboxed } from 'typeid-js';
import type { ErrorCategory, ErrorEnvelope } from './envelope.ts';
import { SHARED_ERRORS, type SharedErrorCode } from './shared-codes.ts';

/** What a {@link GantryError} is made of. Everything but `cause` is shown to the caller. */
export interface GantryErrorOptions {
  code: string;
  /** Public: one sentence without internals. */
  message: string;
  category: ErrorCategory;
  retryable: boolean;
  hint: string;
  retryAfterSeconds?: number;
  details?: Record<string, unknown>;
  /** Internal: goes to the logs, never to the caller. */
  cause?: unknown;
}

/**
 * The only error whose text a caller sees. `message`, `hint` and `details` are public; `cause` is not.
 *
 * Throw it through {@link sharedError} or {@link businessError}; anything else that is thrown inside a
 * call becomes `internal_error` through {@link asGantryError}.
 */
export class GantryError extends Error {
  override readonly name = 'GantryError';
  readonly code: string;
  readonly category: ErrorCategory;
  readonly retryable: boolean;
  readonly hint: string;
  readonly retryAfterSeconds: number | undefined;
  readonly details: Record<string, unknown> | undefined;
  readonly errorId: string;

  constructor(options: GantryErrorOptions, errorId: string = typeidUnboxed('err')) {
    super(options.message, { cause: options.cause });
    this.code = options.code;
    this.category = options.category;
    this.retryable = options.retryable;
    this.hint = options.hint;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.details = options.details;
    this.errorId = errorId;
  }

  /** True if repeating the same call can never give another answer, so the answer may be stored. */
  get isFinal(): boolean {
    return this.category !== 'server_error' && !this.retryable;
  }

  /** The wire form. */
  toEnvelope(): ErrorEnvelope {
    return {
      error: this.message,
      code: this.code,
      category: this.category,
      retryable: this.retryable,
      hint: this.hint,
      ...(this.retryAfterSeconds !== undefined && { retry_after_seconds: this.retryAfterSeconds }),
      error_id: this.errorId,
      ...(this.details !== undefined && { details: this.details }),
    };
  }

  /** The error an envelope was made from; used to replay a stored answer. */
  static fromEnvelope(envelope: ErrorEnvelope): GantryError {
    const { error, code, category, retryable, hint, retry_after_seconds, error_id, details } = envelope;
    return new GantryError(
      {
        message: error,
        code,
        category,
        retryable,
        hint,
        ...(retry_after_seconds !== undefined && { retryAfterSeconds: retry_after_seconds }),
        ...(details !== undefined && { details }),
      },
      error_id,
    );
  }
}

/** What may be said beyond the message when an error is made. */
export type ErrorExtras = Partial<
  Pick<GantryErrorOptions, 'hint' | 'retryAfterSeconds' | 'details' | 'cause'>
>;

/**
 * An error of the shared set.
 *
 * @example
 * ```ts
 * throw sharedError('version_conflict', 'The record is at version 7, not 5.', { details: { version: 7 } });
 * ```
 */
export function sharedError(code: SharedErrorCode, message: string, extras: ErrorExtras = {}): GantryError {
  return new GantryError({ ...SHARED_ERRORS[code], code, message, ...extras });
}

/**
 * A refusal by the rules of a domain. Its code must stand in the tool's `errors`.
 *
 * @example
 * ```ts
 * throw businessError('order_already_shipped', 'The order has shipped.', 'Use return_order instead.');
 * ```
 */
export function businessError(
  code: string,
  message: string,
  hint: string,
  extras: Omit<ErrorExtras, 'hint'> & { retryable?: boolean } = {},
): GantryError {
  return new GantryError({ category: 'business_error', retryable: false, code, message, hint, ...extras });
}

/**
 * Any thrown value as a {@link GantryError}: what a signal was aborted with, if it is that; what is none becomes
 * `internal_error` with its cause.
 */
export function asGantryError(thrown: unknown): GantryError {
  if (thrown instanceof GantryError) return thrown;
  // Timers, streams and processes of Node reject with an error of their own around the reason of the signal.
  const { name, cause } = (thrown ?? {}) as { name?: unknown; cause?: unknown };
  if (name === 'AbortError' && cause instanceof GantryError) return cause;
  return sharedError('internal_error', 'The service failed to handle this call.', { cause: thrown });
}
