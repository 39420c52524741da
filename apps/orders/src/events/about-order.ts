import type { Order } from '../domain/order.ts';

/** What every event says of its order, as it is after the event. */
export function aboutOrder({ id, customerId, version, total, currency, updatedAt }: Order) {
  return { order_id: id, customer_id: customerId, version, total, currency, occurred_at: updatedAt };
}
