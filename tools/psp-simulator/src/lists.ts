import type { PaymentIntent, Refund } from './objects.ts';
import type { ApiRequest } from './request.ts';
import { InvalidParameter, noSuch } from './stripe-error.ts';

/** A page of a list on the wire. */
export interface Page<Item> {
  readonly object: 'list';
  readonly data: readonly Item[];
  readonly has_more: boolean;
  readonly url: string;
}

/** GET /v1/payment_intents */
export function listIntents(request: ApiRequest): Page<PaymentIntent> {
  return page(request, '/v1/payment_intents', 'payment_intent', [...request.books.intents.values()]);
}

/** GET /v1/refunds */
export function listRefunds(request: ApiRequest): Page<Refund> {
  const intent = request.params.text('payment_intent');
  const charge = request.params.text('charge');
  const refunds = [...request.books.refunds.values()].filter(
    (refund) =>
      (intent === undefined || refund.payment_intent === intent) &&
      (charge === undefined || refund.charge === charge),
  );
  return page(request, '/v1/refunds', 'refund', refunds);
}

/** The newest first; `starting_after` and `ending_before` are exclusive. */
function page<Item extends { readonly id: string }>(
  { params }: ApiRequest,
  url: string,
  kind: string,
  oldestFirst: readonly Item[],
): Page<Item> {
  const limit = params.integer('limit') ?? 10;
  if (limit < 1 || limit > 100)
    throw new InvalidParameter('limit', 'This value must be between 1 and 100.', 'parameter_invalid_integer');
  const after = params.text('starting_after');
  const before = params.text('ending_before');
  params.end();
  const items = oldestFirst.toReversed();
  const position = (id: string, param: string) => {
    const index = items.findIndex((item) => item.id === id);
    if (index < 0) throw noSuch(kind, id, param, 400);
    return index;
  };
  if (before !== undefined) {
    const end = position(before, 'ending_before');
    const start = Math.max(0, end - limit);
    return { object: 'list', data: items.slice(start, end), has_more: start > 0, url };
  }
  const start = after === undefined ? 0 : position(after, 'starting_after') + 1;
  const end = start + limit;
  return { object: 'list', data: items.slice(start, end), has_more: end < items.length, url };
}
