import { pageInput, pageOutput, Pages, pickFields } from '@gantry/pagination';
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
import { OrderSummary, orderSummary } from '../desk/order.view.ts';
import { ORDER_STATES, type OrderState } from '../domain/order-state-machine.ts';
import { OrderStore } from '../store/order.store.ts';
import { orderingCustomer } from './order-inputs.ts';

const FIELDS = { allowed: Object.keys(OrderSummary.shape), always: ['id'] } as const;

const listOrders = defineTool({
  name: 'list_orders',
  title: 'List orders',
  description:
    'Lists orders without their lines, the latest first, in pages. Use it to find the orders of a customer, an order ' +
    'by your own reference, or those in a state: paid ones wait to be shipped, payment_failed ones for another ' +
    'payment. Use get_order if you have the id, or want the lines. Name fields to keep pages small. At most 120 calls ' +
    'a minute.',
  input: z.strictObject({
    state: z
      .enum(ORDER_STATES as [OrderState, ...OrderState[]])
      .optional()
      .describe('Only orders in this state.'),
    customer_id: orderingCustomer.optional(),
    reference: z.string().min(1).max(200).optional().describe('Only orders with exactly this reference.'),
    ...pageInput,
  }),
  output: pageOutput(OrderSummary, FIELDS.always),
  scopes: ['orders:read'],
  effect: 'read',
});

/** Lists orders. */
@Injectable()
@Tool(listOrders)
export class ListOrdersTool implements ToolHandler<typeof listOrders> {
  constructor(
    private readonly orders: OrderStore,
    private readonly pages: Pages,
  ) {}

  async call(input: InputOf<typeof listOrders>, call: ToolCall): Promise<OutputOf<typeof listOrders>> {
    const { state, customer_id: customerId, reference, fields, limit, cursor } = input;
    const pick = pickFields(fields, FIELDS);
    const query = { state, customerId, reference };
    const before = this.pages.position<[string]>(call, query, cursor)?.[0];
    const rows = await this.orders.list({ state, customerId, reference, before, limit: limit + 1 });
    return this.pages.page({
      call,
      query,
      rows,
      limit,
      positionOf: ({ id }) => [id],
      toItem: (order) => pick(orderSummary(order)),
    });
  }
}
