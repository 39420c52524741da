import { describe, expect, it } from '@jest/globals';
import { Stripe } from 'stripe';
import { cardDeclineCode, stripeFailure, type StripeStep } from './stripe-failures.ts';
import {
  ProviderDeclined,
  ProviderOutcomeUnknown,
  ProviderStateConflict,
  ProviderUnavailable,
} from './provider-failures.ts';

/** An error as the SDK makes it of an answer. */
const answered = (statusCode: number, raw: object = {}) =>
  Stripe.errors.StripeError.generate({
    type: 'invalid_request_error',
    message: 'Never to be seen.',
    statusCode,
    headers: {},
    requestId: 'req_1',
    ...raw,
  });

describe('what a failure of Stripe means', () => {
  it.each<[string, Error, StripeStep, object]>([
    ['a wrong key', answered(401), 'confirm', { misconfigured: true }],
    ['a missing right', answered(403), 'refund', { misconfigured: true }],
    [
      'another account',
      answered(404, { code: 'resource_missing', param: 'intent' }),
      'confirm',
      { misconfigured: true },
    ],
    [
      'another account, for a refund',
      answered(400, { code: 'resource_missing', param: 'payment_intent' }),
      'refund',
      { misconfigured: true },
    ],
    ['a limit', answered(429, { headers: { 'retry-after': '7' } }), 'confirm', { retryAfterSeconds: 7 }],
    [
      'a limit without end',
      answered(429, { headers: { 'retry-after': '1e9' } }),
      'read',
      { retryAfterSeconds: 3_600 },
    ],
    ['a limit by its code', answered(400, { code: 'rate_limit' }), 'confirm', { retryAfterSeconds: 1 }],
    ['a lock', answered(400, { code: 'lock_timeout' }), 'confirm', { misconfigured: false }],
    ['a question that is refused', answered(404), 'read', { misconfigured: true }],
    ['a question that breaks', answered(500), 'read', { misconfigured: false }],
  ])('not done: %s', (_, error, step, more) => {
    const failure = stripeFailure(error, step, true);
    expect(failure).toBeInstanceOf(ProviderUnavailable);
    expect(failure).toMatchObject({ code: 'dependency_unavailable', retryable: true, ...more });
  });

  it.each([
    ['a breakdown', {}, false],
    ['a breakdown that is kept for the key', { headers: { 'idempotent-replayed': 'true' } }, true],
  ])('%s proves nothing about the request unless it is a kept answer', (_, raw, isOver) => {
    expect(stripeFailure(answered(500, raw), 'refund', true)).toMatchObject({ isOver });
  });

  it.each<[string, Error]>([
    ['the same key, running', answered(409, { code: 'idempotency_key_in_use' })],
    ['the same key for something else', answered(400, { type: 'idempotency_error' })],
    ['a breakdown', answered(500, { type: 'api_error' })],
    ['a gateway', answered(504)],
    ['an error in a success', answered(200)],
    ['anything else', new TypeError('undefined is not a function')],
  ])('open: %s', (_, error) => {
    expect(stripeFailure(error, 'confirm', true).constructor).toBe(ProviderOutcomeUnknown);
  });

  it('is nothing if nothing was sent', () => {
    expect(stripeFailure(new TypeError(), 'confirm', false)).toBeInstanceOf(ProviderUnavailable);
  });

  it.each([['payment_intent_unexpected_state'], ['charge_expired_for_capture'], ['charge_already_captured']])(
    'to be asked: %s',
    (code) => {
      expect(stripeFailure(answered(400, { code }), 'capture', true)).toBeInstanceOf(ProviderStateConflict);
    },
  );

  it.each<[StripeStep, object, string]>([
    ['create', { code: 'resource_missing', param: 'payment_method' }, 'payment_method_invalid'],
    ['confirm', { code: 'payment_method_unactivated' }, 'payment_method_invalid'],
    ['create', { code: 'amount_too_small', param: 'amount' }, 'amount_not_accepted'],
    ['create', { param: 'currency' }, 'currency_not_supported'],
    ['capture', { code: 'amount_too_large' }, 'amount_exceeds_authorized'],
    ['refund', { param: 'amount' }, 'amount_exceeds_captured'],
    ['refund', { code: 'charge_already_refunded' }, 'amount_exceeds_captured'],
    ['create', { code: 'parameter_unknown', param: 'x' }, 'request_refused'],
  ])('a no: %s, %j', (step, raw, code) => {
    const failure = stripeFailure(answered(400, raw), step, true);
    expect(failure).toBeInstanceOf(ProviderDeclined);
    expect(failure).toMatchObject({ code });
  });

  it('is written down in words in which nothing can hide', () => {
    const { cause } = stripeFailure(
      answered(400, { code: '4242424242424242', param: 'metadata[Jane Doe]', requestId: 'req_1; DROP' }),
      'create',
      true,
    );
    expect(cause).toMatchObject({
      message: 'StripeInvalidRequestError invalid_request_error',
      requestId: undefined,
      status: 400,
    });
  });
});

describe('what a card says', () => {
  it.each([
    [{ code: 'card_declined', decline_code: 'insufficient_funds' }, 'insufficient_funds'],
    [{ code: 'expired_card' }, 'card_expired'],
    [{ code: 'card_declined', decline_code: 'lost_card' }, 'card_declined'],
    [{ code: 'card_declined', decline_code: 'fraudulent' }, 'card_declined'],
    [{ code: 'card_declined', decline_code: 'authentication_required' }, 'authentication_required'],
    [{ code: 'incorrect_number' }, 'payment_method_invalid'],
    [{ code: 'something_new' }, 'card_declined'],
    [{}, 'card_declined'],
  ])('%j is %s', (said, code) => {
    expect(cardDeclineCode(said)).toBe(code);
  });
});
