import type { Money } from '@gantry/money';
import type { DeclineCode } from '../domain/refusals.ts';

/**
 * Where a payment is at the provider.
 *
 * - `requires_confirmation`: no money moves before it is confirmed.
 * - `processing`: confirmed, and the outcome is open.
 * - `declined`: the last confirmation was refused, and no money moved.
 */
export type ProviderIntentStatus =
  'requires_confirmation' | 'processing' | 'authorized' | 'captured' | 'cancelled' | 'declined';

/** What the provider knows of a payment. All amounts are in minor units of ISO 4217, whatever the provider counts in. */
export interface ProviderIntent {
  readonly id: string;
  readonly status: ProviderIntentStatus;
  /** What was asked for. */
  readonly money: Money;
  /** What is held and can be taken. */
  readonly amountCapturable: number;
  readonly amountCaptured: number;
  /** Of a declined intent. */
  readonly declineCode?: DeclineCode;
}

/** What the provider knows of a refund. */
export interface ProviderRefund {
  readonly id: string;
  readonly intentId: string;
  readonly status: 'pending' | 'succeeded' | 'failed';
  readonly money: Money;
}

/**
 * What the provider has told by itself: that something has happened, not how things are now. Events come late, twice
 * and in any order, so whoever gets one asks with {@link PaymentProvider.retrieve}.
 */
export interface ProviderEvent {
  /** The same for each copy. */
  readonly id: string;
  /** In the provider's words; for the log and metrics. */
  readonly type: string;
  /** ISO 8601 in UTC. */
  readonly occurredAt: string;
  /** Undefined if it is about nothing of ours. */
  readonly intentId?: string;
  /** Of a refund. */
  readonly refundId?: string;
  /** What the intent or refund was made with. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** A payment to be made. */
export interface NewIntent {
  readonly operationId: string;
  readonly money: Money;
  /** A token of the provider for a payment method. Never a card number. */
  readonly paymentMethod: string;
  /** `manual` holds the money until it is captured. */
  readonly captureMethod: 'manual' | 'automatic';
  /** Kept by the provider, and shown with its events. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** A refund to be made. */
export interface NewRefund {
  readonly operationId: string;
  readonly intentId: string;
  readonly money: Money;
  /** Kept by the provider, and shown with its events. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** On whose time the provider is asked. */
export interface ProviderQuery {
  readonly signal?: AbortSignal;
  /** In milliseconds of `performance.now()`. */
  readonly deadline?: number;
}

/** How the provider is asked to do something. */
export interface ProviderCommand extends ProviderQuery {
  /**
   * The same for each repetition of the same step, so that the provider does it once. It remembers for a day only,
   * and an answer that says that it broke down as well: it helps against doubles, and is no way to find out what
   * happened. That is {@link PaymentProvider.retrieve} and {@link PaymentProvider.findRefund}.
   */
  readonly idempotencyKey: string;
}

/**
 * A payment service provider. An abstract class, so that it can be injected.
 *
 * Everything but `parseWebhook` fails with one of the failures of `provider-failures.ts`, and with nothing else.
 * Nothing that may have had an effect is repeated behind the caller's back.
 */
export abstract class PaymentProvider {
  /**
   * Makes a payment that is not confirmed: no money moves, so it may be made again, with another idempotency key,
   * when the outcome is not known. What is left over never costs anybody anything.
   */
  abstract create(intent: NewIntent, command: ProviderCommand): Promise<ProviderIntent>;

  /** Takes the money, or holds it. @throws ProviderDeclined if the payment method says no */
  abstract confirm(intentId: string, command: ProviderCommand): Promise<ProviderIntent>;

  /** The truth about a payment. A request that is still on its way may change it after it was told. */
  abstract retrieve(intentId: string, query: ProviderQuery): Promise<ProviderIntent>;

  /** Takes held money, once. What is not taken is let go. */
  abstract capture(intentId: string, money: Money, command: ProviderCommand): Promise<ProviderIntent>;

  /** Ends a payment that has taken no money, finally: no confirmation that comes later can take any. */
  abstract cancel(intentId: string, command: ProviderCommand): Promise<ProviderIntent>;

  abstract refund(refund: NewRefund, command: ProviderCommand): Promise<ProviderRefund>;

  /** The refund that an operation has made, if it has. */
  abstract findRefund(
    intentId: string,
    operationId: string,
    query: ProviderQuery,
  ): Promise<ProviderRefund | undefined>;

  /**
   * Reads a webhook.
   *
   * @param body - as it came, byte for byte
   * @throws WebhookRefused if it is not from the provider, or not from now
   */
  abstract parseWebhook(body: string, signature: string | undefined): ProviderEvent;
}
