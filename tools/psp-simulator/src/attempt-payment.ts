import { newId, unixSeconds, type Charge, type PaymentError, type PaymentIntent } from './objects.ts';
import { announce, recordEffect, type ApiRequest } from './request.ts';
import { StripeError, unexpectedState } from './stripe-error.ts';
import { cardOutcome, type CardOutcome } from './test-cards.ts';

const AUTHENTICATION_REQUIRED: CardOutcome & { kind: 'declined' } = {
  kind: 'declined',
  code: 'authentication_required',
  decline_code: 'authentication_required',
  message: 'Your card was declined. This transaction requires authentication.',
};

/**
 * Charges the payment method of an intent, or holds the amount if it is captured by hand.
 *
 * @throws StripeError 402 if the payment method says no; the intent then needs another one
 */
export function attemptPayment(
  request: ApiRequest,
  intent: PaymentIntent,
  errorOnRequiresAction: boolean,
): PaymentIntent {
  if (intent.payment_method === null)
    throw unexpectedState(intent, 'confirmed', ['requires_confirmation', 'requires_action']);
  const outcome = cardOutcome(intent.payment_method)!;
  if (outcome.kind === 'approved') return take(request, intent, intent.payment_method);
  if (outcome.kind === 'declined') return decline(request, intent, intent.payment_method, outcome);
  if (errorOnRequiresAction) return decline(request, intent, intent.payment_method, AUTHENTICATION_REQUIRED);
  const waiting: PaymentIntent = {
    ...intent,
    status: 'requires_action',
    next_action: { type: 'use_stripe_sdk' },
  };
  request.books.record({ intent: waiting });
  announce(request, 'payment_intent.requires_action', waiting);
  return waiting;
}

function take(request: ApiRequest, intent: PaymentIntent, paymentMethod: string): PaymentIntent {
  const { amount } = intent;
  const hold = intent.capture_method === 'manual';
  const charge: Charge = {
    ...newCharge(intent, paymentMethod),
    amount_captured: hold ? 0 : amount,
    captured: !hold,
    paid: true,
    status: 'succeeded',
  };
  const paid: PaymentIntent = {
    ...intent,
    amount_capturable: hold ? amount : 0,
    amount_received: hold ? 0 : amount,
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    status: hold ? 'requires_capture' : 'succeeded',
  };
  request.books.record({ charge });
  request.books.record({ intent: paid });
  recordEffect(request, hold ? 'authorized' : 'charged', paid, { id: charge.id });
  announce(request, 'charge.succeeded', charge);
  announce(request, hold ? 'payment_intent.amount_capturable_updated' : 'payment_intent.succeeded', paid);
  return paid;
}

function decline(
  request: ApiRequest,
  intent: PaymentIntent,
  paymentMethod: string,
  { code, decline_code, message }: CardOutcome & { kind: 'declined' },
): never {
  const charge: Charge = { ...newCharge(intent, paymentMethod), failure_code: code };
  const error: PaymentError = {
    type: 'card_error',
    code,
    ...(decline_code !== undefined && { decline_code }),
    message,
    charge: charge.id,
  };
  const declined: PaymentIntent = {
    ...intent,
    last_payment_error: error,
    latest_charge: charge.id,
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  };
  request.books.record({ charge });
  request.books.record({ intent: declined });
  recordEffect(request, 'declined', declined, { id: charge.id });
  announce(request, 'charge.failed', charge);
  announce(request, 'payment_intent.payment_failed', declined);
  throw new StripeError(402, { ...error, payment_intent: declined });
}

/** A charge that has not gone through. */
function newCharge(intent: PaymentIntent, paymentMethod: string): Charge {
  return {
    id: newId('ch'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: 0,
    amount_refunded: 0,
    captured: false,
    created: unixSeconds(),
    currency: intent.currency,
    failure_code: null,
    livemode: false,
    metadata: intent.metadata,
    paid: false,
    payment_intent: intent.id,
    payment_method: paymentMethod,
    refunded: false,
    status: 'failed',
  };
}
