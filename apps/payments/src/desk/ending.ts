import type { GantryError } from '@gantry/errors';
import type { OperationKind, PaymentOperation } from '../domain/operation.ts';
import type { Payment, PaymentEvent } from '../domain/payment.ts';
import type { PaymentState } from '../domain/payment-state-machine.ts';
import { paymentFailed, refundFailed, refusedByProvider } from '../domain/operation-refusals.ts';
import {
  DECLINE_CODES,
  paymentDeclined,
  paymentNotCancellable,
  paymentNotCapturable,
  type DeclineCode,
} from '../domain/refusals.ts';
import type { ProviderIntent, ProviderRefund } from '../provider/payment-provider.ts';
import { ProviderOutcomeUnknown, type ProviderDeclined } from '../provider/provider-failures.ts';

/** What has become of an operation at the provider. */
export interface Ending {
  /** How the payment stands there. */
  readonly intent?: ProviderIntent;
  /** What happened to the payment, where no intent says it. */
  readonly event?: PaymentEvent;
  /** Why the caller does not get what was asked for, if that is so already. */
  readonly refusal?: GantryError;
  /** What the provider calls it. */
  readonly reference?: string;
}

/** In which states a payment is what was asked for. */
const WANTED: Record<OperationKind, readonly PaymentState[]> = {
  authorize: ['authorized', 'captured'],
  process: ['captured'],
  capture: ['captured'],
  cancel: ['cancelled'],
  refund: ['captured'],
};

/** What an intent says about a payment. */
export function intentEvent(
  payment: Payment,
  { status, amountCapturable, amountCaptured, declineCode }: ProviderIntent,
): PaymentEvent | undefined {
  switch (status) {
    case 'authorized':
      return payment.state === 'authorized' ? undefined : { type: 'authorized', amount: amountCapturable };
    case 'captured':
      return payment.state === 'captured' ? undefined : { type: 'captured', amount: amountCaptured };
    case 'declined':
      return { type: 'declined', declineCode: declineCode ?? 'card_declined' };
    case 'cancelled':
      // Money that was never held cannot be let go: such a charge has failed.
      return { type: payment.amountAuthorized > 0 ? 'cancelled' : 'failed' };
    default:
      throw new ProviderOutcomeUnknown();
  }
}

/** The end of a charge that the provider refused. */
export function declinedCharge({ code }: ProviderDeclined, payment: Payment): Ending {
  if (isDeclineCode(code))
    return { event: { type: 'declined', declineCode: code }, refusal: paymentDeclined(code, payment.id) };
  return { event: { type: 'failed' }, refusal: refusedByProvider(code, payment.id) };
}

/** What a caller is told if the provider refused a capture, a cancellation or a refund. */
export function refusedChange(
  { code }: ProviderDeclined,
  { kind, paymentId }: PaymentOperation,
): GantryError {
  const isKnown =
    (kind === 'capture' && code === 'amount_exceeds_authorized') ||
    (kind === 'refund' && code === 'amount_exceeds_captured');
  return refusedByProvider(isKnown ? code : 'request_refused', paymentId);
}

/** The end of a refund. */
export function refundEnding({ id, status, money }: ProviderRefund, payment: Payment): Ending {
  if (status === 'failed') return { refusal: refundFailed(payment.id), reference: id };
  return { event: { type: 'refunded', amount: money.amount }, reference: id };
}

/** Why a payment that has come to this state is not what was asked for; `undefined` if it is. */
export function refusalBy(kind: OperationKind, payment: Payment): GantryError | undefined {
  if (WANTED[kind].includes(payment.state)) return undefined;
  if (kind === 'capture') return paymentNotCapturable(payment.id, payment.state);
  if (kind === 'cancel') return paymentNotCancellable(payment.id, payment.state);
  const { declineCode } = payment;
  return declineCode === null ? paymentFailed(payment.id) : paymentDeclined(declineCode, payment.id);
}

function isDeclineCode(code: string): code is DeclineCode {
  return DECLINE_CODES.some((known) => known === code);
}
