import type { Stripe } from 'stripe';
import type {
  ProviderEvent,
  ProviderIntent,
  ProviderIntentStatus,
  ProviderRefund,
} from './payment-provider.ts';
import { fromStripeAmount } from './stripe-amount.ts';
import { cardDeclineCode } from './stripe-failures.ts';

const INTENT_STATUS: ReadonlyMap<string, ProviderIntentStatus> = new Map([
  ['requires_confirmation', 'requires_confirmation'],
  // An intent of ours has a payment method from the beginning: it needs another one because that one was declined.
  ['requires_payment_method', 'declined'],
  ['requires_action', 'processing'],
  ['processing', 'processing'],
  ['requires_capture', 'authorized'],
  ['succeeded', 'captured'],
  ['canceled', 'cancelled'],
]);

const REFUND_STATUS: ReadonlyMap<string, ProviderRefund['status']> = new Map([
  ['pending', 'pending'],
  ['requires_action', 'pending'],
  ['succeeded', 'succeeded'],
  ['failed', 'failed'],
  ['canceled', 'failed'],
]);

/** An intent in our words. @throws TypeError if it is none that can be understood; then nothing is known */
export function toIntent(intent: Stripe.PaymentIntent): ProviderIntent {
  const status = INTENT_STATUS.get(intent.status);
  if (intent.object !== 'payment_intent' || status === undefined) throw new TypeError('This is no intent.');
  const { currency } = intent;
  return {
    id: intent.id,
    status,
    money: fromStripeAmount(intent.amount, currency),
    amountCapturable: fromStripeAmount(intent.amount_capturable, currency).amount,
    amountCaptured: fromStripeAmount(intent.amount_received, currency).amount,
    ...(status === 'declined' && { declineCode: cardDeclineCode(intent.last_payment_error ?? {}) }),
  };
}

/** A refund in our words. @throws TypeError if it is none that can be understood; then nothing is known */
export function toRefund(refund: Stripe.Refund): ProviderRefund {
  const status = REFUND_STATUS.get(refund.status ?? '');
  const intentId = idOf(refund.payment_intent);
  if (refund.object !== 'refund' || status === undefined || intentId === undefined)
    throw new TypeError('This is no refund.');
  return { id: refund.id, intentId, status, money: fromStripeAmount(refund.amount, refund.currency) };
}

/** An event in our words, whatever it is about. */
export function toEvent(event: Stripe.Event): ProviderEvent {
  const about = event.data.object as {
    readonly object?: string;
    readonly id?: string;
    readonly payment_intent?: string | { readonly id: string } | null;
    readonly metadata?: Record<string, string> | null;
  };
  const intentId = about.object === 'payment_intent' ? about.id : idOf(about.payment_intent);
  return {
    id: event.id,
    type: event.type,
    occurredAt: new Date(event.created * 1000).toISOString(),
    ...(intentId !== undefined && { intentId }),
    ...(about.object === 'refund' && about.id !== undefined && { refundId: about.id }),
    metadata: about.metadata ?? {},
  };
}

/** Stripe shows a reference as an id, or as the object if that was asked for. */
function idOf(reference: string | { readonly id: string } | null | undefined): string | undefined {
  return typeof reference === 'string' ? reference : reference?.id;
}
