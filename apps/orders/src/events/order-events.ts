import { defineEvent } from '@gantry/jobs';
import { z } from 'zod';

/** What every event of an order says. Descriptions are for subscribers: they stand in the reference. */
const order = {
  order_id: z.string(),
  customer_id: z.string(),
  version: z
    .int()
    .describe('Of the order, as the event made it: puts the events of an order in their order.'),
  total: z.int().describe('In minor units of the currency.'),
  currency: z.string(),
  occurred_at: z.string().describe('ISO 8601, UTC.'),
};

export const orderPlaced = defineEvent({
  name: 'order.placed',
  version: 1,
  payload: z
    .object({ ...order, line_count: z.int() })
    .describe('An order was placed: its stock is reserved, nobody has paid.'),
});

export const orderPaid = defineEvent({
  name: 'order.paid',
  version: 1,
  payload: z
    .object({
      ...order,
      payment_id: z.string().describe('In the payments service.'),
    })
    .describe('An order was paid.'),
});

export const orderPaymentFailed = defineEvent({
  name: 'order.payment_failed',
  version: 1,
  payload: z
    .object({
      ...order,
      attempt: z.int().describe('1 for the first.'),
      payment_error: z.string().describe('Error code of the payments service, such as card_declined.'),
    })
    .describe('An attempt to pay an order failed. Its stock is kept until the reservation expires.'),
});

export const orderCancelled = defineEvent({
  name: 'order.cancelled',
  version: 1,
  payload: z
    .object({
      ...order,
      reason: z.string().describe('In the words of whoever cancelled it, or reservation_expired.'),
      is_refunded: z.boolean().describe('Was it paid, so that the money goes back?'),
    })
    .describe('An order was called off before it was sent, or never paid: its stock is released.'),
});

export const orderShipped = defineEvent({
  name: 'order.shipped',
  version: 1,
  payload: z
    .object({ ...order, carrier: z.string().optional(), tracking_number: z.string().optional() })
    .describe('An order was sent: its stock has left.'),
});

export const orderDelivered = defineEvent({
  name: 'order.delivered',
  version: 1,
  payload: z.object(order).describe('An order has arrived.'),
});

export const orderReturned = defineEvent({
  name: 'order.returned',
  version: 1,
  payload: z
    .object({ ...order, reason: z.string() })
    .describe('An order came back: its stock is there again, its money goes back.'),
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
