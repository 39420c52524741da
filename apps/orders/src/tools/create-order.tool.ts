import {
  defineTool,
  Tool,
  type InputOf,
  type OutputOf,
  type ToolCall,
  type ToolHandler,
} from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { OrderDesk } from '../desk/order-desk.ts';
import { OrderView, orderView } from '../desk/order.view.ts';
import { MAX_LINES } from '../domain/order.ts';
import { MAX_TOTAL, WHOLE_BASIS_POINTS } from '../domain/pricing.ts';
import { MAX_QUANTITY } from '../domain/stock.ts';
import { orderingCustomer } from './order-inputs.ts';

const line = z
  .strictObject({
    product_id: z.string().min(1).max(64).optional().describe('"prd_…"; or give sku.'),
    sku: z.string().min(1).max(64).optional(),
    quantity: z.int().min(1).max(MAX_QUANTITY),
    unit_price: z
      .int()
      .min(0)
      .max(MAX_TOTAL)
      .optional()
      .describe('Negotiated, for one piece, in minor units.'),
    discount_basis_points: z
      .int()
      .min(0)
      .max(WHOLE_BASIS_POINTS)
      .optional()
      .describe('Negotiated: 1250 is 12.5 % off.'),
  })
  .refine(({ product_id, sku }) => (product_id === undefined) !== (sku === undefined), {
    path: ['product_id'],
    message: 'must be given, or sku, and not both',
  });

const createOrder = defineTool({
  name: 'create_order',
  title: 'Place an order',
  description:
    'Places an order of a customer and reserves its stock. Use search_products for the products and get_customer or ' +
    'create_customer for the customer; then pay_order has it paid. Lines cost what the catalogue says; leave out ' +
    'unit_price and discount_basis_points unless a price was agreed and you hold orders:pricing. Each line is rounded ' +
    'once, half to even. Returns the order, placed; if it is not paid by reserved_until, it is cancelled. Errors: ' +
    'customer_not_found (see get_customer), product_not_found, product_not_available (see search_products), ' +
    'insufficient_stock (take at most details.products[].available, or ask the customer), currency_mismatch (one ' +
    'order for each currency), pricing_not_permitted (leave prices out), order_total_out_of_range (split it, or ' +
    'check the prices). At most 240 calls a minute.',
  input: z.strictObject({
    customer_id: orderingCustomer,
    lines: z
      .array(line)
      .min(1)
      .max(MAX_LINES)
      .describe('What is ordered. A product may stand on several lines.'),
    reference: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('Your own name for the order; list_orders finds it by it.'),
  }),
  output: OrderView,
  scopes: ['orders:write'],
  effect: 'create',
  errors: [
    'customer_not_found',
    'product_not_found',
    'product_not_available',
    'insufficient_stock',
    'currency_mismatch',
    'pricing_not_permitted',
    'order_total_out_of_range',
  ],
  // Orders of one product wait for one another: enough of them at once, and time for that.
  limits: { callsPerMinute: 240, concurrent: 100, deadlineMs: 15_000 },
});

/** Places orders. */
@Injectable()
@Tool(createOrder)
export class CreateOrderTool implements ToolHandler<typeof createOrder> {
  constructor(private readonly desk: OrderDesk) {}

  async call(
    { customer_id: customerId, lines, reference }: InputOf<typeof createOrder>,
    { principal }: ToolCall,
  ): Promise<OutputOf<typeof createOrder>> {
    const wanted = lines.map((each) => ({
      product: (each.product_id ?? each.sku)!,
      quantity: each.quantity,
      unitPrice: each.unit_price,
      discountBasisPoints: each.discount_basis_points,
    }));
    return orderView(
      await this.desk.place(principal, { customerId, lines: wanted, reference: reference ?? null }),
    );
  }
}
