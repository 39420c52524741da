import type { Money } from '@gantry/money';
import { nextState, type PaymentEventType, type PaymentState } from './payment-state-machine.ts';
import {
  alreadyRefunded,
  amountExceedsAuthorized,
  amountExceedsCaptured,
  paymentNotCancellable,
  paymentNotCapturable,
  paymentNotRefundable,
  type DeclineCode,
} from './refusals.ts';

/** Who does something: a subject by means of a client. */
export interface Actor {
  readonly subject: string;
  readonly client: string;
}

/** What changes of a payment as things happen to it. Amounts are in minor units of its currency. */
export interface PaymentStatus {
  readonly state: PaymentState;
  /** What the provider reserved; stays when it is released. */
  readonly amountAuthorized: number;
  readonly amountCaptured: number;
  readonly amountRefunded: number;
  /** Why it was declined; null unless it was. */
  readonly declineCode: DeclineCode | null;
}

/** What is known of a payment from the beginning; never changes. */
export interface PaymentRequest extends Money {
  /** TypeID `pay_…`; sorts by the time of creation. */
  readonly id: string;
  /** Taken with the authorization, or later by capture_payment. */
  readonly captureMethod: 'automatic' | 'manual';
  /** The provider's token of what is charged; never a card number. */
  readonly paymentMethod: string;
  readonly description: string | null;
  /** The merchant's own name for what is paid, such as an order id. */
  readonly reference: string | null;
  readonly createdBy: Actor;
}

/** A payment: money that a customer pays once. */
export interface Payment extends PaymentRequest, PaymentStatus {
  /** What the provider calls it; null until it was told. */
  readonly providerIntentId: string | null;
  /** 1 when created, one more with every change. */
  readonly version: number;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** Something that has happened to a payment, as the provider or a person said. */
export type PaymentEvent =
  | { readonly type: 'approved' | 'cancelled' | 'failed' | 'outcome_lost' }
  | { readonly type: 'declined'; readonly declineCode: DeclineCode }
  | {
      readonly type: 'authorized' | 'captured' | 'refunded' | 'refund_failed';
      readonly amount: number;
    };

/**
 * What an event makes of a payment.
 *
 * @throws Error if it cannot happen: whoever reports it has to ask the provider again, or has a bug
 */
export function statusAfter(payment: PaymentStatus & Money, event: PaymentEvent): PaymentStatus {
  const state = nextState(payment.state, event.type);
  if (state === undefined) throw impossible(payment.state, event.type);
  const { amountAuthorized, amountCaptured, amountRefunded, declineCode } = payment;
  const status = { state, amountAuthorized, amountCaptured, amountRefunded, declineCode };
  const next = { ...status, ...changeBy(event, status) };
  const reservedAnew = amountAuthorized > 0 && next.amountAuthorized !== amountAuthorized;
  if (reservedAnew || !addsUp(next, payment.amount)) throw impossible(payment.state, event.type);
  return next;
}

function changeBy(event: PaymentEvent, status: PaymentStatus): Partial<PaymentStatus> {
  switch (event.type) {
    case 'declined':
      return { declineCode: event.declineCode };
    case 'authorized':
      return { amountAuthorized: event.amount };
    case 'captured':
      return {
        amountCaptured: event.amount,
        amountAuthorized: Math.max(event.amount, status.amountAuthorized),
      };
    case 'refunded':
      return { amountRefunded: status.amountRefunded + event.amount };
    case 'refund_failed':
      return { amountRefunded: status.amountRefunded - event.amount };
    default:
      return {};
  }
}

/** Can these amounts be those of a payment of this size in this state? The database checks the same. */
export function addsUp(status: PaymentStatus, amount: number): boolean {
  const { state, amountAuthorized, amountCaptured, amountRefunded, declineCode } = status;
  const ascending = [0, amountRefunded, amountCaptured, amountAuthorized, amount];
  if (!ascending.every((value, index) => Number.isSafeInteger(value) && value >= (ascending[index - 1] ?? 0)))
    return false;
  if ((declineCode !== null) !== (state === 'declined')) return false;
  switch (state) {
    case 'captured':
      return amountCaptured > 0;
    case 'authorized':
      return amountAuthorized > 0 && amountCaptured === 0;
    case 'cancelled':
    case 'unknown':
      return amountCaptured === 0;
    default:
      return amountAuthorized === 0;
  }
}

function impossible(state: PaymentState, event: PaymentEventType): Error {
  return new Error(`A payment that is ${state} cannot be told "${event}" with these amounts.`);
}

/**
 * How much a capture takes. A payment is captured once, in full or in part; the rest is released.
 *
 * @param wanted - all that is authorized unless given
 * @throws GantryError `payment_not_capturable`, `amount_exceeds_authorized`
 */
export function amountToCapture(payment: Payment, wanted = payment.amountAuthorized): Money {
  if (payment.state !== 'authorized') throw paymentNotCapturable(payment.id, payment.state);
  const authorized = { amount: payment.amountAuthorized, currency: payment.currency };
  if (wanted > authorized.amount) throw amountExceedsAuthorized(payment.id, authorized);
  return { amount: wanted, currency: payment.currency };
}

/** What can still be given back. */
export function refundable(payment: PaymentStatus): number {
  return payment.amountCaptured - payment.amountRefunded;
}

/**
 * How much a refund gives back: any number of times, together never more than was captured.
 *
 * @param wanted - all that is left unless given
 * @throws GantryError `payment_not_refundable`, `amount_exceeds_captured`
 */
export function amountToRefund(payment: Payment, wanted = refundable(payment)): Money {
  if (payment.state !== 'captured') throw paymentNotRefundable(payment.id, payment.state);
  const left = { amount: refundable(payment), currency: payment.currency };
  if (left.amount === 0) throw alreadyRefunded(payment.id);
  if (wanted > left.amount) throw amountExceedsCaptured(payment.id, left);
  return { amount: wanted, currency: payment.currency };
}

/** @throws GantryError `payment_not_cancellable` */
export function expectCancellable(payment: Payment): void {
  if (payment.state !== 'authorized' && payment.state !== 'approval_required')
    throw paymentNotCancellable(payment.id, payment.state);
}
