import { timingSafeEqual } from 'node:crypto';
import { sharedError, type ErrorEnvelope } from '@gantry/errors';
import type { Author } from './author.ts';

/** What a caller is told, now and whenever the call is repeated. */
export type AttemptAnswer =
  { readonly output: Readonly<Record<string, unknown>> } | { readonly error: ErrorEnvelope };

/** W3C trace context, as far as it is known. */
export interface AttemptTrace {
  readonly traceparent?: string | undefined;
  readonly tracestate?: string | undefined;
}

/** An attempt to pay an order that is to begin. */
export interface NewPaymentAttempt {
  /** TypeID `pat_…`. */
  readonly id: string;
  readonly orderId: string;
  /** 1 for the first of its order. */
  readonly attempt: number;
  readonly requestedBy: Author;
  readonly idempotencyKey: string;
  /** SHA-256 of the arguments. */
  readonly fingerprint: Buffer;
  /** The call that began it: finds its log lines and audit row. */
  readonly requestId: string;
  /** The trace of that call, for jobs to go on with. */
  readonly trace: AttemptTrace;
  /** All of the order, in minor units. */
  readonly amount: number;
  readonly currency: string;
  readonly paymentMethod: string;
}

/**
 * One attempt to pay an order, made exactly once. Kept for ever.
 *
 * - `started`: the payments server may have been asked, and may have charged. Ask again with the same key.
 * - `finished`: the answer is known, and never changes.
 */
export interface PaymentAttempt extends NewPaymentAttempt {
  readonly phase: 'started' | 'finished';
  /** In the payments service; null until it has told us. */
  readonly paymentId: string | null;
  /** Null until it has finished. */
  readonly answer: AttemptAnswer | null;
}

/**
 * What names the attempt at the payments server: whoever asks for it, however often, asks for the one charge. Never to
 * be built in another way, not even by a later version.
 */
export function chargeKey({ orderId, attempt }: Pick<PaymentAttempt, 'orderId' | 'attempt'>): string {
  return `${orderId}-attempt-${attempt}`;
}

/**
 * The same key has to come with the same arguments.
 *
 * @throws GantryError `idempotency_conflict`
 */
export function expectSameArguments({ fingerprint }: PaymentAttempt, other: Buffer): void {
  if (!timingSafeEqual(fingerprint, other)) throw paymentKeyConflict();
}

/** A key that was used to pay another order, or with another payment method. */
export function paymentKeyConflict() {
  return sharedError('idempotency_conflict', 'The idempotency_key was used for another call of pay_order.');
}
