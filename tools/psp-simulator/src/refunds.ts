import { newId, unixSeconds, type Charge, type PaymentIntent, type Refund } from './objects.ts';
import { missing } from './parameters.ts';
import type { Books } from './books.ts';
import { announce, recordEffect, type ApiRequest } from './request.ts';
import { noSuch, StripeError } from './stripe-error.ts';

/** POST /v1/refunds */
export function createRefund(request: ApiRequest): Refund {
  const { params, books } = request;
  const intentId = params.text('payment_intent');
  const chargeId = params.text('charge');
  const asked = params.positive('amount');
  const reason = params.oneOf('reason', ['duplicate', 'fraudulent', 'requested_by_customer']) ?? null;
  const metadata = params.metadata();
  params.end();
  const intent = intentOf(request, intentId, chargeId);
  const charge = books.charges.get(intent.latest_charge ?? '');
  if (charge === undefined || !charge.captured)
    throw refusal(`This PaymentIntent (${intent.id}) does not have a successful charge to refund.`);
  const left = charge.amount_captured - charge.amount_refunded;
  if (left === 0)
    throw refusal(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' });
  const amount = asked ?? left;
  if (amount > left)
    throw refusal(`Refund amount (${amount}) is greater than unrefunded amount on charge (${left}).`, {
      param: 'amount',
    });

  const refund: Refund = {
    id: newId('re'),
    object: 'refund',
    amount,
    charge: charge.id,
    created: unixSeconds(),
    currency: charge.currency,
    metadata,
    payment_intent: intent.id,
    reason,
    status: 'succeeded',
  };
  const refunded: Charge = {
    ...charge,
    amount_refunded: charge.amount_refunded + amount,
    refunded: amount === left,
  };
  books.record({ refund });
  books.record({ charge: refunded });
  recordEffect(request, 'refunded', intent, { id: refund.id, amount, metadata });
  announce(request, 'refund.created', refund);
  announce(request, 'charge.refunded', refunded);
  return refund;
}

/**
 * The customer's bank sends the money of a refund back, days later and without anybody's request.
 *
 * @throws StripeError if there is no such refund, or it has failed already
 */
export function failRefund(books: Books, id: string): Refund {
  const refund = books.refunds.get(id);
  if (refund === undefined) throw noSuch('refund', id, 'refund', 404);
  if (refund.status === 'failed') throw refusal(`Refund ${id} has failed already.`);
  const cause = { books, requestId: null, idempotencyKey: null };
  const failed: Refund = { ...refund, status: 'failed' };
  const charge = books.charges.get(refund.charge)!;
  const unrefunded: Charge = {
    ...charge,
    amount_refunded: charge.amount_refunded - refund.amount,
    refunded: false,
  };
  const { amount, metadata } = refund;
  books.record({ refund: failed });
  books.record({ charge: unrefunded });
  recordEffect(cause, 'refund_failed', books.intents.get(refund.payment_intent)!, { id, amount, metadata });
  announce(cause, 'refund.failed', failed);
  books.commit();
  return failed;
}

/** GET /v1/refunds/:id */
export function retrieveRefund({ books, id, params }: ApiRequest): Refund {
  params.end();
  const refund = books.refunds.get(id);
  if (refund === undefined) throw noSuch('refund', id, 'id', 404);
  return refund;
}

function intentOf(
  { books }: ApiRequest,
  intentId: string | undefined,
  chargeId: string | undefined,
): PaymentIntent {
  if (intentId === undefined && chargeId === undefined) return missing('payment_intent');
  if (intentId === undefined) {
    const charge = books.charges.get(chargeId!);
    if (charge === undefined) throw noSuch('charge', chargeId!, 'charge', 400);
    return books.intents.get(charge.payment_intent)!;
  }
  const intent = books.intents.get(intentId);
  if (intent === undefined) throw noSuch('payment_intent', intentId, 'payment_intent', 400);
  return intent;
}

function refusal(message: string, more: { code?: string; param?: string } = {}): StripeError {
  return new StripeError(400, { type: 'invalid_request_error', message, ...more });
}
