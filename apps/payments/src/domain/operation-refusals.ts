import { businessError, sharedError, type GantryError } from '@gantry/errors';

const PAY_ANEW = 'Make a new payment with a new idempotency_key if the money is still wanted.';

/** What the provider may refuse beside the payment method, for the `errors` of a tool that charges. */
export const REQUEST_REFUSALS = ['amount_not_accepted', 'currency_not_supported', 'request_refused'] as const;

/** It ended without money: the provider could not be asked in time, or ended it. */
export function paymentFailed(id: string): GantryError {
  return businessError(
    'payment_failed',
    `Payment ${id} failed; nothing has been charged, and nothing will be.`,
    PAY_ANEW,
    { details: { payment_id: id } },
  );
}

/** It was called off before anybody approved it. */
export function paymentCancelled(id: string): GantryError {
  return businessError(
    'payment_cancelled',
    `Payment ${id} was cancelled before it was approved; nothing has been charged.`,
    PAY_ANEW,
    { details: { payment_id: id } },
  );
}

/** Nobody decided about it in time. */
export function approvalExpired(id: string): GantryError {
  return businessError(
    'approval_expired',
    `Payment ${id} was cancelled because nobody approved it in time; nothing has been charged.`,
    PAY_ANEW,
    { details: { payment_id: id } },
  );
}

/** The customer's bank, or the provider, could not give the money back. */
export function refundFailed(id: string): GantryError {
  return businessError(
    'refund_failed',
    `The refund of payment ${id} failed; the customer has not got the money.`,
    'Tell the user: the money has to be given back by other means, or by a new refund_payment later.',
    { details: { payment_id: id } },
  );
}

/** The provider has said a definite no to what was asked for. */
export function refusedByProvider(code: string, id: string): GantryError {
  return businessError(
    code,
    `The payment provider refused this for payment ${id} (${code}); no money was moved by it.`,
    'Do not repeat it. Check the amount and the currency, call get_payment to see how the payment stands, and tell the user.',
    { details: { payment_id: id } },
  );
}

/** It is not known what the provider has done; whoever repeats the call with its key is told as soon as it is. */
export function outcomeUnknown(id: string): GantryError {
  return sharedError(
    'dependency_unavailable',
    'The payment provider has not said yet whether this happened; it is being found out.',
    {
      hint: 'Wait retry_after_seconds, then repeat this very call with the same idempotency_key, or call get_payment with details.payment_id. Never use another key for it: that could move the money twice.',
      retryAfterSeconds: 5,
      details: { payment_id: id },
    },
  );
}

/** The provider could not be asked; it will be later, by a repetition or by the service itself. */
export function providerUnavailable(id: string, retryAfterSeconds: number): GantryError {
  return sharedError('dependency_unavailable', 'The payment provider is not available at the moment.', {
    hint: 'Wait retry_after_seconds, then repeat this very call with the same idempotency_key. It is also tried again by itself: call get_payment with details.payment_id to see how it stands.',
    retryAfterSeconds,
    details: { payment_id: id },
  });
}

/** Somebody is at it: another call with the same key, or the service itself. */
export function operationInFlight(id: string): GantryError {
  return sharedError('idempotency_in_flight', 'What was begun with this idempotency_key has not ended yet.', {
    retryAfterSeconds: 2,
    details: { payment_id: id },
  });
}
