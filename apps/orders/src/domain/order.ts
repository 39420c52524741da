import type { Author } from './author.ts';
import type { OrderState } from './order-state-machine.ts';
import type { LinePrice } from './pricing.ts';

/** One line of an order, with what the catalogue said when it was ordered. */
export interface OrderLine extends LinePrice {
  readonly productId: string;
  readonly sku: string;
  readonly name: string;
}

/** Whether the money of an order that was called off or came back has been given back. */
export type RefundState = 'pending' | 'refunded' | 'failed';

/** How an order was sent; what is not known is null. */
export interface Shipment {
  readonly carrier: string | null;
  readonly trackingNumber: string | null;
}

/** What is known of an order from the beginning; never changes. Amounts are in minor units of its currency. */
export interface NewOrder {
  /** TypeID `ord_…`; sorts by the time of creation. */
  readonly id: string;
  readonly customerId: string;
  /** The caller's own name for it. */
  readonly reference: string | null;
  readonly currency: string;
  readonly total: number;
  readonly placedBy: Author;
  /** Who gave prices that are not the catalogue's. */
  readonly pricedBy: Author | null;
}

/** What changes of an order as things happen to it. */
export interface OrderProgress {
  readonly state: OrderState;
  /** Attempts to pay it, begun so far. */
  readonly paymentAttempt: number;
  /** The payment that it was paid with. */
  readonly paymentId: string | null;
  /** Why the last attempt to pay failed. */
  readonly paymentError: string | null;
  readonly receiptRecordId: string | null;
  readonly refundState: RefundState | null;
  readonly shipment: Shipment;
  readonly cancelReason: string | null;
  readonly returnReason: string | null;
}

/** What a customer wants, as it stands. Times are ISO 8601, UTC. */
export interface Order extends NewOrder, OrderProgress {
  /** 1 when placed, one more with every change. */
  readonly version: number;
  readonly lineCount: number;
  /** Until when its stock is kept if nobody pays it; null once that does not matter any more. */
  readonly reservedUntil: string | null;
  readonly createdAt: string;
  readonly paidAt: string | null;
  readonly shippedAt: string | null;
  readonly deliveredAt: string | null;
  readonly cancelledAt: string | null;
  readonly returnedAt: string | null;
  readonly updatedAt: string;
}

/** An order with its lines, in their order. */
export interface OrderWithLines extends Order {
  readonly lines: readonly OrderLine[];
}

/** Why the clock called an order off. */
export const RESERVATION_EXPIRED = 'reservation_expired';

/** Lines that one order has at most. */
export const MAX_LINES = 100;
