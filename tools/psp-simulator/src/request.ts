import type { Books, EffectKind } from './books.ts';
import { newId, unixSeconds, type Charge, type PaymentIntent, type Refund } from './objects.ts';
import type { Parameters } from './parameters.ts';

/** The version of Stripe's API whose shapes these are. */
export const API_VERSION = '2026-10-28.endive';

/** One request to an endpoint, as what executes it sees it. */
export interface ApiRequest {
  readonly books: Books;
  readonly params: Parameters;
  /** From the path; empty where the path has none. */
  readonly id: string;
  readonly requestId: string;
  readonly idempotencyKey: string | null;
}

/** Why something happens: a request, or nothing that anybody asked for. */
export type Cause = Pick<ApiRequest, 'books' | 'idempotencyKey'> & { readonly requestId: string | null };

/** Writes down what happened. */
export function recordEffect(
  { books, idempotencyKey }: Cause,
  kind: EffectKind,
  intent: PaymentIntent,
  of: { readonly id?: string; readonly amount?: number; readonly metadata?: Refund['metadata'] } = {},
): void {
  const { id = intent.id, amount = intent.amount, metadata = intent.metadata } = of;
  books.record({
    effect: {
      kind,
      payment_intent: intent.id,
      id,
      amount,
      currency: intent.currency,
      idempotency_key: idempotencyKey,
      metadata,
      created: unixSeconds(),
    },
  });
}

/** Makes a webhook of what has become of an object. */
export function announce(
  { books, requestId, idempotencyKey }: Cause,
  type: string,
  object: PaymentIntent | Charge | Refund,
): void {
  if (!books.eventsWanted) return;
  books.record({
    event: {
      id: newId('evt'),
      object: 'event',
      api_version: API_VERSION,
      created: unixSeconds(),
      data: { object },
      livemode: false,
      pending_webhooks: 1,
      request: { id: requestId, idempotency_key: idempotencyKey },
      type,
    },
  });
}
