import { ResourceTemplate, type ResourceTemplateHandler } from '@gantry/mcp';
import { Injectable } from '@nestjs/common';
import { orderView } from '../desk/order.view.ts';
import { OrderStore } from '../store/order.store.ts';

/** Ids that are offered at once. */
const OFFERED = 20;

/** An order as it stands. */
@Injectable()
@ResourceTemplate({
  uriTemplate: 'orders://orders/{order_id}',
  name: 'order',
  title: 'Order',
  description:
    'An order with its lines, as get_order returns it. Subscribe to it to hear when it is paid, sent, cancelled or returned.',
  mimeType: 'application/json',
  scopes: ['orders:read'],
  ttlMs: 10_000,
})
export class OrderResource implements ResourceTemplateHandler {
  constructor(private readonly orders: OrderStore) {}

  async read({ order_id: id }: { order_id: string }): Promise<string | undefined> {
    const order = await this.orders.find(id);
    return order && JSON.stringify(orderView(order));
  }

  complete(_variable: string, prefix: string): Promise<string[]> {
    return this.orders.idsFrom(prefix, OFFERED);
  }
}
