import type { OrderWithLines } from '../domain/order.ts';

const amount = { type: 'integer', minimum: 0, description: 'In minor units of the currency.' };
const text = { type: 'string' };

/**
 * What the records server is told of receipts before it has the first. A team may widen it: it is never defined again.
 */
export const RECEIPTS = {
  title: 'Receipts',
  description: 'One for each paid order, written by the orders service.',
  json_schema: {
    type: 'object',
    required: ['order_id', 'customer_id', 'lines', 'total', 'currency', 'payment_id', 'paid_at'],
    properties: {
      order_id: text,
      customer_id: text,
      reference: { ...text, description: "The caller's own name for the order." },
      lines: {
        type: 'array',
        items: {
          type: 'object',
          required: ['sku', 'name', 'quantity', 'unit_price', 'discount_basis_points', 'line_total'],
          properties: {
            sku: text,
            name: text,
            quantity: { type: 'integer', minimum: 1 },
            unit_price: amount,
            discount_basis_points: { type: 'integer', minimum: 0, maximum: 10_000 },
            line_total: amount,
          },
        },
      },
      total: amount,
      currency: { ...text, pattern: '^[A-Z]{3}$' },
      payment_id: text,
      paid_at: { ...text, format: 'date-time' },
    },
  },
  indexed_fields: [
    { field: 'order_id', type: 'string' },
    { field: 'customer_id', type: 'string' },
    { field: 'payment_id', type: 'string' },
    { field: 'currency', type: 'string' },
    { field: 'paid_at', type: 'date-time' },
  ],
} as const;

/**
 * The receipt of a paid order. Of what never changes alone: whenever it is written, it is the same. Of the customer that
 * is the id; names and addresses move on.
 */
export function receiptOf(order: OrderWithLines): Record<string, unknown> {
  const { id, customerId, reference, total, currency, paymentId, paidAt } = order;
  return {
    order_id: id,
    customer_id: customerId,
    ...(reference !== null && { reference }),
    lines: order.lines.map((line) => ({
      sku: line.sku,
      name: line.name,
      quantity: line.quantity,
      unit_price: line.unitPrice,
      discount_basis_points: line.discountBasisPoints,
      line_total: line.lineTotal,
    })),
    total,
    currency,
    payment_id: paymentId,
    paid_at: paidAt,
  };
}
