import { z } from 'zod';

/** Id of an order. */
export const orderId = z
  .string()
  .regex(/^ord_[0-7][0-9a-hjkmnp-tv-z]{25}$/, 'must be the id of an order: "ord_" and 26 characters')
  .describe('As create_order and list_orders return it.');

/** Id of a customer who orders. */
export const orderingCustomer = z
  .string()
  .regex(/^cus_[0-7][0-9a-hjkmnp-tv-z]{25}$/, 'must be the id of a customer: "cus_" and 26 characters')
  .describe('As create_customer and get_customer return it.');

/** Why something is called off or comes back. */
export const reason = z.string().min(1).max(500).describe('Why. It is kept with the order.');

/** What descriptions say of an order whose payment is under way. */
export const PAYMENT_PENDING_TOLD =
  'order_payment_pending (wait retry_after_seconds, look with get_order, decide again)';
