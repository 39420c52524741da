import { businessError, sharedError, type GantryError } from '@gantry/errors';
import { formatMoney, type Money } from '@gantry/money';
import type { PaymentState } from './payment-state-machine.ts';

const NEW_KEY = 'and a new idempotency_key';

/** A definite no of the provider: what a caller is told, and what to do about it. */
const DECLINES = {
  card_declined: [
    'The card was declined.',
    `Do not repeat it: ask the customer for another payment method, then make a new payment with it ${NEW_KEY}.`,
  ],
  insufficient_funds: [
    'The card has insufficient funds.',
    `Ask the customer for another payment method or a smaller amount, then make a new payment with it ${NEW_KEY}.`,
  ],
  card_expired: [
    'The card has expired.',
    `Ask the customer for a card that is still valid, then make a new payment with it ${NEW_KEY}.`,
  ],
  authentication_required: [
    'The bank wants the customer to confirm this payment in person, which cannot be done here.',
    `Let the customer pay by a page of the merchant, or ask for another payment method and make a new payment with it ${NEW_KEY}.`,
  ],
  payment_method_invalid: [
    'The payment method cannot be charged.',
    `Check the payment method token with whoever issued it, then make a new payment with the right one ${NEW_KEY}.`,
  ],
} as const satisfies Record<string, readonly [message: string, hint: string]>;

/** Why a provider declined a payment, as our error code. */
export type DeclineCode = keyof typeof DECLINES;

/** All of them, for the `errors` of a tool that charges. */
export const DECLINE_CODES = Object.keys(DECLINES) as readonly DeclineCode[];

/** The provider said no. */
export function paymentDeclined(code: DeclineCode, paymentId: string): GantryError {
  const [message, hint] = DECLINES[code];
  return businessError(code, message, hint, { details: { payment_id: paymentId } });
}

/** No such payment, or none that this tenant may know of. */
export function paymentNotFound(id: string): GantryError {
  return businessError(
    'payment_not_found',
    `There is no payment ${id}.`,
    'Check the id; call list_payments, or find_payment_by_key with the key it was made with.',
  );
}

/** Something else is being done with the payment; one thing at a time. */
export function paymentBusy(id: string): GantryError {
  return businessError(
    'payment_busy',
    `Another operation on payment ${id} has not ended yet.`,
    'Wait retry_after_seconds, call get_payment to see what it came to, then decide again.',
    { retryable: true, retryAfterSeconds: 5, details: { payment_id: id } },
  );
}

/** What to do instead of an operation that the state of a payment does not allow. */
const INSTEAD: Record<PaymentState, string> = {
  approval_required:
    'It waits for approval: have another principal call approve_payment, then look again with get_payment.',
  processing: 'It is still under way: wait some seconds, then look again with get_payment.',
  unknown:
    'Its outcome is not known yet and is being found out: wait some seconds, then look again with get_payment.',
  authorized:
    'It is authorized only: call capture_payment to take the money, or cancel_payment to release it.',
  captured: 'Its money has been taken: call refund_payment to give it back.',
  declined: `It was declined: make a new payment with another payment method ${NEW_KEY}.`,
  cancelled: `It was cancelled: make a new payment with ${NEW_KEY.slice('and '.length)} if the money is still wanted.`,
  failed: `It failed and took no money: make a new payment with ${NEW_KEY.slice('and '.length)} if the money is still wanted.`,
};

function notInThisState(code: string, done: string, id: string, state: PaymentState): GantryError {
  return businessError(code, `Payment ${id} is ${state}, so it cannot be ${done}.`, INSTEAD[state], {
    details: { payment_id: id, state },
  });
}

/** The payment holds no reserved money. */
export function paymentNotCapturable(id: string, state: PaymentState): GantryError {
  return notInThisState('payment_not_capturable', 'captured', id, state);
}

/** The payment can no longer be called off. */
export function paymentNotCancellable(id: string, state: PaymentState): GantryError {
  return notInThisState('payment_not_cancellable', 'cancelled', id, state);
}

/** The payment has taken no money that could be given back. */
export function paymentNotRefundable(id: string, state: PaymentState): GantryError {
  return notInThisState('payment_not_refundable', 'refunded', id, state);
}

/** All of it has been given back already. */
export function alreadyRefunded(id: string): GantryError {
  return businessError(
    'payment_not_refundable',
    `Payment ${id} has been refunded in full.`,
    'Nothing is left to refund: call get_payment to see its amounts.',
    { details: { payment_id: id, refundable: 0 } },
  );
}

/** More than was reserved. */
export function amountExceedsAuthorized(id: string, authorized: Money): GantryError {
  return businessError(
    'amount_exceeds_authorized',
    `Payment ${id} is authorized for ${formatMoney(authorized)} only.`,
    'Capture at most details.capturable, in minor units; for more, make another payment over the difference.',
    { details: { payment_id: id, capturable: authorized.amount, currency: authorized.currency } },
  );
}

/** More than is left of what was taken. */
export function amountExceedsCaptured(id: string, refundable: Money): GantryError {
  return businessError(
    'amount_exceeds_captured',
    `Of payment ${id} only ${formatMoney(refundable)} can still be refunded.`,
    'Refund at most details.refundable, in minor units.',
    { details: { payment_id: id, refundable: refundable.amount, currency: refundable.currency } },
  );
}

/** Above the threshold: somebody else has to agree first. Retryable, because then the same call goes through. */
export function approvalRequired(id: string, money: Money): GantryError {
  return businessError(
    'approval_required',
    `A payment of ${formatMoney(money)} needs the approval of another principal; nothing has been charged.`,
    'Tell the user. Somebody else with the scope payments:approve has to call approve_payment with details.payment_id; you cannot. After that repeat this very call with the same idempotency_key to get the outcome.',
    { retryable: true, retryAfterSeconds: 60, details: { payment_id: id } },
  );
}

/** The payment does not wait for approval. */
export function approvalNotPossible(id: string, state: PaymentState): GantryError {
  return businessError(
    'approval_not_possible',
    `Payment ${id} is ${state} and does not wait for approval.`,
    'Nothing needs approving: call get_payment to see how it stands.',
    { details: { payment_id: id, state } },
  );
}

/** Nobody approves what they asked for. */
export function ownApproval(id: string): GantryError {
  return businessError(
    'approval_not_possible',
    `Payment ${id} was requested by the same principal; nobody approves their own.`,
    'Somebody else with the scope payments:approve has to call approve_payment.',
    { details: { payment_id: id } },
  );
}

/** The human who was asked, or a second principal, said no. */
export function approvalRejected(id: string | undefined): GantryError {
  return businessError(
    'approval_rejected',
    'The payment was not approved; nothing has been charged.',
    'Do not try again by other means: tell the user that the payment was refused.',
    id === undefined ? {} : { details: { payment_id: id } },
  );
}

/**
 * Something in the input looks like a card number. Says where, never what.
 *
 * @param pointer - JSON pointer to the value
 */
export function cardNumberRefused(pointer: string): GantryError {
  return businessError(
    'card_number_refused',
    'The input contains what looks like a card number; it was refused and not kept.',
    'Never send card numbers. Send a payment method token (pm_…) that the provider made of the card; leave the number out of all texts, keys and columns of files.',
    { details: { path: pointer } },
  );
}

/** A key that was used for something else. */
export function keyConflict(tool: string): GantryError {
  return sharedError('idempotency_conflict', `The idempotency_key was used for another call of ${tool}.`);
}
