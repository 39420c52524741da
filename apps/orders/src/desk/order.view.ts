import { z } from 'zod';
import { ORDER_STATES, type OrderState } from '../domain/order-state-machine.ts';
import type { Order, OrderLine, OrderWithLines } from '../domain/order.ts';

/** An order as it is shown when only its state matters: in lists, and after something was done with it. */
export const OrderSummary = z.object({
  id: z.string(),
  state: z.enum(ORDER_STATES as [OrderState, ...OrderState[]]),
  customer_id: z.string(),
  reference: z.string().optional(),
  currency: z.string(),
  total: z.int().describe('Minor units (cents of EUR), as all amounts.'),
  reserved_until: z.string().optional().describe('Then it is cancelled, unless it is paid.'),
  payment_attempt: z.int(),
  payment_id: z.string().optional(),
  payment_error: z.string().optional(),
  receipt_record_id: z.string().optional(),
  refund_state: z.enum(['pending', 'refunded', 'failed']).optional(),
  carrier: z.string().optional(),
  tracking_number: z.string().optional(),
  cancel_reason: z.string().optional(),
  return_reason: z.string().optional(),
  created_at: z.string(),
  updated_at: z.string(),
});

const actor = z.object({ subject: z.string(), client: z.string() });

/** An order as callers see it. */
export const OrderView = OrderSummary.extend({
  lines: z.array(
    z.object({
      product_id: z.string(),
      sku: z.string(),
      name: z.string(),
      quantity: z.int(),
      list_price: z.int(),
      unit_price: z.int(),
      discount_basis_points: z.int(),
      line_total: z.int(),
    }),
  ),
  placed_by: actor,
  priced_by: actor.optional().describe("Who gave prices that are not the catalogue's."),
  paid_at: z.string().optional(),
  shipped_at: z.string().optional(),
  delivered_at: z.string().optional(),
  cancelled_at: z.string().optional(),
  returned_at: z.string().optional(),
});

/** See {@link OrderSummary}. */
export type OrderSummaryOutput = z.input<typeof OrderSummary>;

/** See {@link OrderView}. */
export type OrderOutput = z.input<typeof OrderView>;

/** Presents an order without its lines. */
export function orderSummary(order: Order): OrderSummaryOutput {
  return {
    id: order.id,
    state: order.state,
    customer_id: order.customerId,
    currency: order.currency,
    total: order.total,
    payment_attempt: order.paymentAttempt,
    created_at: order.createdAt,
    updated_at: order.updatedAt,
    ...(order.refundState !== null && { refund_state: order.refundState }),
    ...known({
      reference: order.reference,
      reserved_until: order.reservedUntil,
      payment_id: order.paymentId,
      payment_error: order.paymentError,
      receipt_record_id: order.receiptRecordId,
      carrier: order.shipment.carrier,
      tracking_number: order.shipment.trackingNumber,
      cancel_reason: order.cancelReason,
      return_reason: order.returnReason,
    }),
  };
}

/** Presents an order. */
export function orderView(order: OrderWithLines): OrderOutput {
  return {
    ...orderSummary(order),
    lines: order.lines.map(lineView),
    placed_by: order.placedBy,
    ...(order.pricedBy !== null && { priced_by: order.pricedBy }),
    ...known({
      paid_at: order.paidAt,
      shipped_at: order.shippedAt,
      delivered_at: order.deliveredAt,
      cancelled_at: order.cancelledAt,
      returned_at: order.returnedAt,
    }),
  };
}

function lineView(line: OrderLine): OrderOutput['lines'][number] {
  return {
    product_id: line.productId,
    sku: line.sku,
    name: line.name,
    quantity: line.quantity,
    list_price: line.listPrice,
    unit_price: line.unitPrice,
    discount_basis_points: line.discountBasisPoints,
    line_total: line.lineTotal,
  };
}

/** What there is to say; nothing is said of the rest. */
function known<Name extends string>(texts: Record<Name, string | null>): Partial<Record<Name, string>> {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== null)) as Partial<
    Record<Name, string>
  >;
}
