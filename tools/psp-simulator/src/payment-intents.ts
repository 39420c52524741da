import { checkAmount } from './amounts.ts';
import { attemptPayment } from './attempt-payment.ts';
import { newId, unixSeconds, type Charge, type PaymentIntent } from './objects.ts';
import { missing, type Parameters } from './parameters.ts';
import { announce, recordEffect, type ApiRequest } from './request.ts';
import { InvalidParameter, noSuch, StripeError, unexpectedState } from './stripe-error.ts';
import { cardOutcome } from './test-cards.ts';

/** POST /v1/payment_intents */
export function createIntent(request: ApiRequest): PaymentIntent {
  const { params, books } = request;
  const amount = params.positive('amount') ?? missing('amount');
  const currency = params.required('currency').toLowerCase();
  checkAmount(amount, currency);
  const captureMethod = params.oneOf('capture_method', ['automatic', 'automatic_async', 'manual']);
  const confirm = params.flag('confirm');
  const errorOnRequiresAction = params.flag('error_on_requires_action');
  const paymentMethod = readPaymentMethod(params);
  const metadata = params.metadata();
  const description = params.text('description') ?? null;
  if (params.texts('allowed_payment_method_types').some((type) => type !== 'card'))
    throw new InvalidParameter('allowed_payment_method_types', 'The simulator only knows cards.');
  params.end();

  const id = newId('pi');
  const intent: PaymentIntent = {
    id,
    object: 'payment_intent',
    amount,
    amount_capturable: 0,
    amount_received: 0,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: captureMethod ?? 'automatic_async',
    client_secret: `${id}_${newId('secret')}`,
    confirmation_method: 'automatic',
    created: unixSeconds(),
    currency,
    customer: null,
    description,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    metadata,
    next_action: null,
    payment_method: paymentMethod ?? null,
    payment_method_types: ['card'],
    processing: null,
    status: paymentMethod === undefined ? 'requires_payment_method' : 'requires_confirmation',
  };
  books.record({ intent });
  recordEffect(request, 'intent_created', intent);
  announce(request, 'payment_intent.created', intent);
  return confirm ? attemptPayment(request, intent, errorOnRequiresAction) : intent;
}

/** GET /v1/payment_intents/:id */
export function retrieveIntent(request: ApiRequest): PaymentIntent {
  request.params.text('client_secret');
  request.params.end();
  return find(request);
}

/** POST /v1/payment_intents/:id/confirm */
export function confirmIntent(request: ApiRequest): PaymentIntent {
  const { params } = request;
  const errorOnRequiresAction = params.flag('error_on_requires_action');
  const paymentMethod = readPaymentMethod(params);
  params.flag('off_session');
  params.end();
  const intent = find(request);
  const confirmable = ['requires_payment_method', 'requires_confirmation', 'requires_action'];
  if (!confirmable.includes(intent.status)) throw unexpectedState(intent, 'confirmed', confirmable);
  return attemptPayment(
    request,
    paymentMethod === undefined ? intent : { ...intent, payment_method: paymentMethod },
    errorOnRequiresAction,
  );
}

/** POST /v1/payment_intents/:id/capture */
export function captureIntent(request: ApiRequest): PaymentIntent {
  const { params, books } = request;
  const asked = params.positive('amount_to_capture');
  params.end();
  const intent = find(request);
  if (intent.status !== 'requires_capture') throw unexpectedState(intent, 'captured', ['requires_capture']);
  const amount = asked ?? intent.amount_capturable;
  if (amount > intent.amount_capturable)
    throw new StripeError(400, {
      type: 'invalid_request_error',
      code: 'amount_too_large',
      message: `The amount_to_capture provided (${amount}) is more than the amount capturable (${intent.amount_capturable}).`,
      param: 'amount_to_capture',
      payment_intent: intent,
    });

  const held = books.charges.get(intent.latest_charge!)!;
  const charge: Charge = { ...held, amount_captured: amount, captured: true };
  // What is not captured is released: there is one capture.
  const captured: PaymentIntent = {
    ...intent,
    amount_capturable: 0,
    amount_received: amount,
    status: 'succeeded',
  };
  books.record({ charge });
  books.record({ intent: captured });
  recordEffect(request, 'captured', captured, { id: charge.id, amount });
  announce(request, 'charge.captured', charge);
  announce(request, 'payment_intent.succeeded', captured);
  return captured;
}

/** POST /v1/payment_intents/:id/cancel */
export function cancelIntent(request: ApiRequest): PaymentIntent {
  const { params, books } = request;
  const reason = params.oneOf('cancellation_reason', [
    'abandoned',
    'duplicate',
    'fraudulent',
    'requested_by_customer',
  ]);
  params.end();
  const intent = find(request);
  const cancelable = [
    'requires_payment_method',
    'requires_capture',
    'requires_confirmation',
    'requires_action',
  ];
  if (!cancelable.includes(intent.status)) throw unexpectedState(intent, 'canceled', cancelable);

  const canceled: PaymentIntent = {
    ...intent,
    amount_capturable: 0,
    canceled_at: unixSeconds(),
    cancellation_reason: reason ?? null,
    next_action: null,
    status: 'canceled',
  };
  books.record({ intent: canceled });
  recordEffect(request, 'canceled', canceled, { amount: intent.amount_capturable });
  announce(request, 'payment_intent.canceled', canceled);
  return canceled;
}

function find({ books, id }: ApiRequest): PaymentIntent {
  const intent = books.intents.get(id);
  if (intent === undefined) throw noSuch('payment_intent', id, 'intent', 404);
  return intent;
}

function readPaymentMethod(params: Parameters): string | undefined {
  const paymentMethod = params.text('payment_method');
  if (paymentMethod !== undefined && cardOutcome(paymentMethod) === undefined)
    throw noSuch('PaymentMethod', paymentMethod, 'payment_method', 400);
  return paymentMethod;
}
