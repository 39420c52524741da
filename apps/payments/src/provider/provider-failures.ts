import { GantryError, SHARED_ERRORS } from '@gantry/errors';
import type { DeclineCode } from '../domain/refusals.ts';

/** Why the provider says no: because of the payment method, or because of what was asked for. */
export type ProviderDeclineCode =
  | DeclineCode
  /** Too small, too large, or not possible in this currency. */
  | 'amount_not_accepted'
  | 'currency_not_supported'
  | 'amount_exceeds_authorized'
  | 'amount_exceeds_captured'
  /** Something else is wrong with the request; the log says what. */
  | 'request_refused';

/** A definite no: nothing was done, and asking the same again will not change that. */
export class ProviderDeclined extends GantryError {
  declare readonly code: ProviderDeclineCode;

  constructor(code: ProviderDeclineCode, cause?: Error) {
    super({
      code,
      category: 'business_error',
      retryable: false,
      message: 'The payment provider refused this.',
      hint: 'Call get_payment to see how the payment stands, and tell the user.',
      cause,
    });
  }
}

/** Definitely not done by this request: may be asked again. */
export class ProviderUnavailable extends GantryError {
  /** Whether somebody has to change the configuration of this service before it can work. */
  readonly misconfigured: boolean;

  constructor({
    retryAfterSeconds = 1,
    misconfigured = false,
    cause,
  }: { retryAfterSeconds?: number; misconfigured?: boolean; cause?: Error } = {}) {
    super({
      ...SHARED_ERRORS.dependency_unavailable,
      code: 'dependency_unavailable',
      message: 'The payment provider is not available; this was not done.',
      retryAfterSeconds,
      cause,
    });
    this.misconfigured = misconfigured;
  }
}

/** It may or may not have happened. Whoever wants to know must ask, and not do it again. */
export class ProviderOutcomeUnknown extends GantryError {
  /**
   * Whether this request has certainly ended: the provider has repeated the answer that it keeps for the idempotency
   * key. What cannot be seen now was not done by it, and no repetition with this key will ever do it.
   */
  readonly isOver: boolean;

  constructor(
    cause?: Error,
    {
      category = 'server_error',
      isOver = false,
    }: { category?: 'server_error' | 'business_error'; isOver?: boolean } = {},
  ) {
    super({
      ...SHARED_ERRORS.dependency_unavailable,
      category,
      code: 'dependency_unavailable',
      message: 'The payment provider has not said whether this happened; it is being found out.',
      retryAfterSeconds: 5,
      cause,
    });
    this.isOver = isOver;
  }
}

/**
 * This request changed nothing, because the payment is in another state than was thought: an earlier request may have
 * done it. So it is handled as what it may hide, by asking.
 */
export class ProviderStateConflict extends ProviderOutcomeUnknown {
  constructor(cause?: Error) {
    // No fault of the provider's, so the breaker does not count it.
    super(cause, { category: 'business_error' });
  }
}

/** A webhook that nobody may act on. Its text says why, and nothing of what it holds. */
export class WebhookRefused extends Error {
  override readonly name = 'WebhookRefused';

  constructor(
    readonly reason: 'not_configured' | 'no_signature' | 'wrong_signature' | 'too_old' | 'malformed',
  ) {
    super(`The webhook was refused: ${reason}.`);
  }
}
