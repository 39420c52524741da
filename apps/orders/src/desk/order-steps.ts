import { ResourceChanges } from '@gantry/mcp';
import { Injectable } from '@nestjs/common';
import { orderNotFound } from '../domain/order-refusals.ts';
import { nextState, type OrderEventType } from '../domain/order-state-machine.ts';
import type { Order, OrderProgress, OrderWithLines } from '../domain/order.ts';
import { orderUri } from '../resources/order-uri.ts';
import { OrderStore } from '../store/order.store.ts';

/**
 * Moves orders, one step at a time, in the current unit of work. Locks are taken in one order everywhere, the order
 * before its stock, so that changes cannot wait for each other in a circle.
 */
@Injectable()
export class OrderSteps {
  constructor(
    private readonly orders: OrderStore,
    private readonly changes: ResourceChanges,
  ) {}

  /**
   * An order, for this unit of work alone to change.
   *
   * @throws GantryError `order_not_found`
   */
  async hold(id: string): Promise<Order> {
    const order = await this.orders.lock(id);
    if (!order) throw orderNotFound(id);
    return order;
  }

  /**
   * An order as it is.
   *
   * @throws GantryError `order_not_found`
   */
  async read(id: string): Promise<OrderWithLines> {
    const order = await this.orders.find(id);
    if (!order) throw orderNotFound(id);
    return order;
  }

  /**
   * Lets something happen to an order that is held.
   *
   * @throws Error if it cannot happen: whoever asks has to look first, and to refuse in words of their own
   */
  async take(
    tenant: string,
    order: Order,
    event: OrderEventType,
    change: Partial<Omit<OrderProgress, 'state'>> = {},
  ): Promise<OrderWithLines> {
    const state = nextState(order.state, event);
    if (state === undefined) throw new Error(`An order that is ${order.state} cannot be told "${event}".`);
    return this.note(tenant, order, { ...change, state });
  }

  /** Notes something of an order that is held, beside its state. */
  async note(tenant: string, order: Order, change: Partial<OrderProgress>): Promise<OrderWithLines> {
    await this.changes.updated(tenant, [orderUri(order.id)]);
    return this.orders.save(order, change);
  }
}
