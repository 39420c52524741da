import { Stripe } from 'stripe';
import type { DeclineCode } from '../domain/refusals.ts';
import {
  ProviderDeclined,
  ProviderOutcomeUnknown,
  ProviderStateConflict,
  ProviderUnavailable,
  type ProviderDeclineCode,
} from './provider-failures.ts';
import { StripeFault } from './stripe-fault.ts';

/** What was asked of Stripe. */
export type StripeStep = 'create' | 'confirm' | 'capture' | 'cancel' | 'refund' | 'read';

type ProviderFailure = ProviderDeclined | ProviderUnavailable | ProviderOutcomeUnknown;

/** The intent has moved on: what was asked for may have been done before, or cannot be done any more. */
const STATE_CODES = new Set([
  'payment_intent_unexpected_state',
  'intent_invalid_state',
  'status_transition_invalid',
  'charge_already_captured',
  'capture_charge_authorization_expired',
  'charge_expired_for_capture',
]);

/**
 * What it means that a request failed. Strict: what Stripe has not clearly said not to have happened, may have.
 *
 * @param sent - whether anything of the request can have reached Stripe
 */
export function stripeFailure(error: unknown, step: StripeStep, sent: boolean): ProviderFailure {
  const cause = new StripeFault(error);
  if (!sent || step === 'read') return readFailure(error, cause);
  if (!(error instanceof Stripe.errors.StripeError)) return new ProviderOutcomeUnknown(cause);

  const { statusCode: status, code } = error;
  // No answer, or one that could not be read.
  if (status === undefined) return new ProviderOutcomeUnknown(cause);
  // Turned away before anything was executed.
  if (status === 429 || code === 'lock_timeout' || code === 'rate_limit') return tooBusy(error, cause);
  if (status === 401 || status === 403) return new ProviderUnavailable({ misconfigured: true, cause });
  // 409 is our own request, still running. 5xx may come after the effect. A key that was used for something else
  // has an outcome that is not this one's.
  if (status === 409 || error instanceof Stripe.errors.StripeIdempotencyError)
    return new ProviderOutcomeUnknown(cause);
  if (status >= 500) return new ProviderOutcomeUnknown(cause, { isOver: isKeptAnswer(error) });
  if (status === 402) return new ProviderDeclined(cardDeclineCode(error), cause);
  if (status < 400) return new ProviderOutcomeUnknown(cause);
  if (STATE_CODES.has(code ?? '')) return new ProviderStateConflict(cause);
  if (namesMissingIntent(error)) return new ProviderUnavailable({ misconfigured: true, cause });
  return new ProviderDeclined(refusalCode(error, step), cause);
}

/** Our code for what a card says: from a failed request, or from what an intent remembers of it. */
export function cardDeclineCode({
  code,
  decline_code,
}: {
  readonly code?: string;
  readonly decline_code?: string;
}): DeclineCode {
  for (const said of [decline_code, code]) {
    const known = CARD_CODES.get(said ?? '');
    if (known !== undefined) return known;
  }
  // Also for lost, stolen and suspicious cards: whoever holds one is not to learn that it is known.
  return 'card_declined';
}

const CARD_CODES: ReadonlyMap<string, DeclineCode> = new Map(
  Object.entries({
    insufficient_funds: ['insufficient_funds', 'withdrawal_count_limit_exceeded'],
    card_expired: ['expired_card', 'expired_payment_method'],
    authentication_required: [
      'authentication_required',
      'authentication_not_handled',
      'payment_intent_authentication_failure',
      'payment_intent_action_required',
      'three_d_secure_authentication_not_supported',
    ],
    payment_method_invalid: [
      'card_not_supported',
      'currency_not_supported',
      'incorrect_address',
      'incorrect_cvc',
      'incorrect_number',
      'incorrect_zip',
      'invalid_account',
      'invalid_card_type',
      'invalid_cvc',
      'invalid_expiry_month',
      'invalid_expiry_year',
      'invalid_number',
      'live_mode_test_card',
      'testmode_decline',
    ],
  } satisfies Partial<Record<DeclineCode, string[]>>).flatMap(([ours, theirs]) =>
    theirs.map((code) => [code, ours as DeclineCode] as const),
  ),
);

/** Nothing can have happened: nothing was sent, or nothing was to be changed. */
function readFailure(error: unknown, cause: StripeFault): ProviderUnavailable {
  if (!(error instanceof Stripe.errors.StripeError)) return new ProviderUnavailable({ cause });
  const { statusCode: status = 500 } = error;
  if (status === 429) return tooBusy(error, cause);
  return new ProviderUnavailable({ misconfigured: status >= 400 && status < 500 && status !== 409, cause });
}

function tooBusy({ headers }: Stripe.errors.StripeError, cause: StripeFault): ProviderUnavailable {
  const asked = Number(headers?.['retry-after']);
  return new ProviderUnavailable({
    cause,
    retryAfterSeconds: asked >= 0 ? Math.ceil(Math.min(asked, 3_600)) : 1,
  });
}

/** Stripe keeps the answer for an idempotency key once the request has ended, and says so when it gives it again. */
function isKeptAnswer({ headers }: Stripe.errors.StripeError): boolean {
  return headers?.['idempotent-replayed'] === 'true';
}

/** An intent of ours is unknown only to another account than the one it was made in. */
function namesMissingIntent({ code, param }: Stripe.errors.StripeError): boolean {
  return code === 'resource_missing' && (param === 'intent' || param === 'payment_intent');
}

function refusalCode(
  { code = '', param = '' }: Stripe.errors.StripeError,
  step: StripeStep,
): ProviderDeclineCode {
  if (step === 'capture' && (param === 'amount_to_capture' || code === 'amount_too_large'))
    return 'amount_exceeds_authorized';
  if (step === 'refund' && (param === 'amount' || code === 'charge_already_refunded'))
    return 'amount_exceeds_captured';
  if (param === 'payment_method' || code.startsWith('payment_method_') || code.startsWith('token_'))
    return 'payment_method_invalid';
  if (param === 'currency') return 'currency_not_supported';
  if (param === 'amount' || code.startsWith('amount_too_') || code === 'invalid_charge_amount')
    return 'amount_not_accepted';
  return 'request_refused';
}
