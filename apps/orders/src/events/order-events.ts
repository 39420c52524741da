import { defineEvent } from '@gantry/jobs';
import { z } from 'zod';

/** What every event of an order says. Amounts are in minor units of the currency. */
const order = {
  order_id: z.string(),
  customer_id: z.string(),
  /** The version of the order that the event made: puts the events of an order in their order. */
  version: z.int(),
  total: z.int(),
  currency: z.string(),
  /** ISO 8601, UTC. */
  occurred_at: z.string(),
};

/** An order was placed: its stock is reserved, nobody has paid. */
export const orderPlaced = defineEvent({
  name: 'order.placed',
  version: 1,
  payload: z.object({ ...order, line_count: z.int() }),
});

/** An order was paid. */
export const orderPaid = defineEvent({
  name: 'order.paid',
  version: 1,
  payload: z.object({
    ...order,
    /** In the payments service. */
    payment_id: z.string(),
  }),
});

/** An attempt to pay an order failed. Its stock is kept until the reservation expires. */
export const orderPaymentFailed = defineEvent({
  name: 'order.payment_failed',
  version: 1,
  payload: z.object({
    ...order,
    /** 1 for the first. */
    attempt: z.int(),
    /** Error code of the payments service, such as `card_declined`. */
    payment_error: z.string(),
  }),
});

/** An order was called off before it was sent, or never paid: its stock is released. */
export const orderCancelled = defineEvent({
  name: 'order.cancelled',
  version: 1,
  payload: z.object({
    ...order,
    /** In the words of whoever cancelled it, or `reservation_expired`. */
    reason: z.string(),
    /** Was it paid, so that the money goes back? */
    is_refunded: z.boolean(),
  }),
});

/** An order was sent: its stock has left. */
export const orderShipped = defineEvent({
  name: 'order.shipped',
  version: 1,
  payload: z.object({ ...order, carrier: z.string().optional(), tracking_number: z.string().optional() }),
});

/** An order has arrived. */
export const orderDelivered = defineEvent({ name: 'order.delivered', version: 1, payload: z.object(order) });

/** An order came back: its stock is there again, its money goes back. */
export const orderReturned = defineEvent({
  name: 'order.returned',
  version: 1,
  payload: z.object({ ...order, reason: z.string() }),
});

/** Every event of this service, for the README and its test. */
export const ORDER_EVENTS = [
  orderPlaced,
  orderPaid,
  orderPaymentFailed,
  orderCancelled,
  orderShipped,
  orderDelivered,
  orderReturned,
] as const;
