import { defineTool, Tool, type InputOf, type OutputOf, type ToolHandler } from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { OrderSteps } from '../desk/order-steps.ts';
import { OrderView, orderView } from '../desk/order.view.ts';
import { orderId } from './order-inputs.ts';

const getOrder = defineTool({
  name: 'get_order',
  title: 'Look at an order',
  description:
    'Shows how an order stands: its state, lines and prices, payment, shipment and refund. Use it before you pay, ' +
    'cancel, ship or return it, and after a timeout of one of these. Use list_orders if you do not have the id. ' +
    'Errors: order_not_found (check the id, see list_orders). At most 300 calls a minute.',
  input: z.strictObject({ order_id: orderId }),
  output: OrderView,
  scopes: ['orders:read'],
  effect: 'read',
  errors: ['order_not_found'],
  limits: { callsPerMinute: 300 },
});

/** Shows orders. */
@Injectable()
@Tool(getOrder)
export class GetOrderTool implements ToolHandler<typeof getOrder> {
  constructor(private readonly orders: OrderSteps) {}

  async call({ order_id: id }: InputOf<typeof getOrder>): Promise<OutputOf<typeof getOrder>> {
    return orderView(await this.orders.read(id));
  }
}
