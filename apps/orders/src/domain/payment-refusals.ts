import { businessError, sharedError, type GantryError } from '@gantry/errors';

/** Why payments are refused, in words; whatever else the payments server says is told by its code alone. */
const REASONS: Readonly<Record<string, string>> = {
  card_declined: 'the card was declined',
  insufficient_funds: 'the card has insufficient funds',
  card_expired: 'the card has expired',
  authentication_required: 'the bank wants the customer to confirm it in person, which cannot be done here',
  payment_method_invalid: 'the payment method cannot be charged',
  approval_rejected: 'somebody who was asked to approve it said no',
  approval_expired: 'nobody approved it in time',
};

/** Somebody has said no: it would be wrong to try in another way. */
const REJECTED = new Set(['approval_rejected']);

/** The payment was refused for good: no money has moved. */
export function paymentDeclined(orderId: string, reason: string, paymentId: string | undefined): GantryError {
  return businessError(
    'payment_declined',
    `Order ${orderId} was not paid: ${REASONS[reason] ?? `the payment was refused (${reason})`}. Nothing was charged.`,
    REJECTED.has(reason)
      ? 'Do not try again by other means: tell the user, and call cancel_order if the order is not wanted any more.'
      : 'Do not repeat it: ask the customer for another payment method, then call pay_order with it and a NEW idempotency_key. The stock is kept until the reservation ends.',
    {
      details: { order_id: orderId, reason, ...(paymentId !== undefined && { payment_id: paymentId }) },
    },
  );
}

/** The payments server waits for a second person. The order waits as well. */
export function paymentNeedsApproval(orderId: string, paymentId: string | null): GantryError {
  return businessError(
    'approval_required',
    `The payment of order ${orderId} needs the approval of another principal; nothing has been charged.`,
    'Tell the user. Somebody with the scope payments:approve has to call approve_payment at the payments server with details.payment_id; you cannot. Once that is done the order is paid by itself: see get_order, or repeat this very call with the same idempotency_key.',
    { details: { order_id: orderId, ...(paymentId !== null && { payment_id: paymentId }) } },
  );
}

/** Nobody knows yet, or nothing could be done yet; it goes on by itself. */
export function paymentOutcomeOpen(orderId: string, retryAfterSeconds: number, cause: unknown): GantryError {
  return sharedError(
    'dependency_unavailable',
    `The payments server has not said yet what became of the payment of order ${orderId}; it is being found out.`,
    {
      hint: 'get_order says how it stands: payment_pending until it is known. Wait retry_after_seconds and look there, or repeat this very call with the same idempotency_key. Never use another key for it.',
      retryAfterSeconds,
      details: { order_id: orderId, state: 'payment_pending' },
      cause,
    },
  );
}

/** Somebody is asking the payments server: another call with the same key, or a job. */
export function paymentInFlight(orderId: string): GantryError {
  return sharedError('idempotency_in_flight', 'What was begun with this idempotency_key has not ended yet.', {
    retryAfterSeconds: 2,
    details: { order_id: orderId, state: 'payment_pending' },
  });
}
