import { Config } from '@gantry/config';
import { Events, Jobs } from '@gantry/jobs';
import type { Principal } from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { typeid } from 'typeid-js';
import { customerNotFound } from '../domain/catalogue-refusals.ts';
import {
  orderNotCancellable,
  orderNotDeliverable,
  orderNotReturnable,
  orderNotShippable,
} from '../domain/order-refusals.ts';
import { nextState } from '../domain/order-state-machine.ts';
import { RESERVATION_EXPIRED, type Order, type OrderWithLines, type Shipment } from '../domain/order.ts';
import { orderLines, type WantedLine } from '../domain/ordering.ts';
import { aboutOrder } from '../events/about-order.ts';
import {
  orderCancelled,
  orderDelivered,
  orderPlaced,
  orderReturned,
  orderShipped,
} from '../events/order-events.ts';
import { reservationEnd } from '../orders.config.ts';
import { CustomerStore } from '../store/customer.store.ts';
import { OrderStore } from '../store/order.store.ts';
import { ProductStore } from '../store/product.store.ts';
import { Stock } from '../store/stock.store.ts';
import { refundOrder } from '../workflows/queues.ts';
import { authorOf } from './author.ts';
import { OrderSteps } from './order-steps.ts';

/** The scope of those who may give lines a price of their own. */
export const PRICING_SCOPE = 'orders:pricing';

/** What is to be ordered, as a caller says it. */
export interface WantedOrder {
  readonly customerId: string;
  readonly lines: readonly WantedLine[];
  readonly reference: string | null;
}

/** What callers and the clock can have done with orders, each in the current unit of work. */
@Injectable()
export class OrderDesk {
  constructor(
    private readonly customers: CustomerStore,
    private readonly products: ProductStore,
    private readonly stock: Stock,
    private readonly orders: OrderStore,
    private readonly steps: OrderSteps,
    private readonly events: Events,
    private readonly jobs: Jobs,
    private readonly config: Config,
  ) {}

  /**
   * Places an order and reserves its stock.
   *
   * @throws GantryError `customer_not_found`, `insufficient_stock`, and what `orderLines` refuses
   */
  async place(by: Principal, { customerId, lines: wanted, reference }: WantedOrder): Promise<OrderWithLines> {
    const customer = await this.customers.find(customerId);
    if (!customer) throw customerNotFound(customerId);
    const products = await this.products.findMany(wanted.map(({ product }) => product));
    const { lines, currency, total, isNegotiated } = orderLines(
      wanted,
      products,
      by.scopes.has(PRICING_SCOPE),
    );
    const id = typeid('ord').toString();
    const placedBy = authorOf(by);
    const pricedBy = isNegotiated ? placedBy : null;
    const order = await this.orders.insert(
      { id, customerId: customer.id, reference, currency, total, placedBy, pricedBy },
      lines,
    );
    await this.events.publish(orderPlaced, { ...aboutOrder(order), line_count: lines.length });
    // Last: others who want the same products wait from here to the end.
    await this.stock.reserve(id, lines, reservationEnd(this.config));
    return (await this.orders.find(id))!;
  }

  /**
   * Calls an order off: its stock is released, what was paid goes back.
   *
   * @throws GantryError `order_not_found`, `order_not_cancellable`, `order_payment_pending`
   */
  async cancel(by: Principal, id: string, reason: string): Promise<OrderWithLines> {
    const order = await this.steps.hold(id);
    if (!nextState(order.state, 'cancelled')) throw orderNotCancellable(id, order.state);
    return this.#callOff(by.tenant, order, 'cancelled', reason);
  }

  /**
   * Calls an order off because nobody has paid it in time.
   *
   * @returns false if it has been paid, cancelled or given more time meanwhile
   */
  async expire(tenant: string, id: string): Promise<boolean> {
    const order = await this.steps.hold(id);
    if (order.reservedUntil === null || Date.parse(order.reservedUntil) > Date.now()) return false;
    await this.#callOff(tenant, order, 'expired', RESERVATION_EXPIRED);
    return true;
  }

  /**
   * Sends a paid order: its stock leaves.
   *
   * @throws GantryError `order_not_found`, `order_not_shippable`, `order_payment_pending`
   */
  async ship(by: Principal, id: string, shipment: Shipment): Promise<OrderWithLines> {
    const order = await this.steps.hold(id);
    if (!nextState(order.state, 'shipped')) throw orderNotShippable(id, order.state);
    await this.stock.consume(id, authorOf(by));
    const shipped = await this.steps.take(by.tenant, order, 'shipped', { shipment });
    await this.events.publish(orderShipped, {
      ...aboutOrder(shipped),
      ...(shipment.carrier !== null && { carrier: shipment.carrier }),
      ...(shipment.trackingNumber !== null && { tracking_number: shipment.trackingNumber }),
    });
    return shipped;
  }

  /**
   * Notes that an order has arrived.
   *
   * @throws GantryError `order_not_found`, `order_not_deliverable`, `order_payment_pending`
   */
  async deliver(by: Principal, id: string): Promise<OrderWithLines> {
    const order = await this.steps.hold(id);
    if (!nextState(order.state, 'delivered')) throw orderNotDeliverable(id, order.state);
    const delivered = await this.steps.take(by.tenant, order, 'delivered');
    await this.events.publish(orderDelivered, aboutOrder(delivered));
    return delivered;
  }

  /**
   * Takes an order back as a whole: its stock is there again, its money goes back.
   *
   * @throws GantryError `order_not_found`, `order_not_returnable`, `order_payment_pending`
   */
  async takeBack(by: Principal, id: string, reason: string): Promise<OrderWithLines> {
    const order = await this.steps.hold(id);
    if (!nextState(order.state, 'returned')) throw orderNotReturnable(id, order.state);
    const { lines } = await this.steps.read(id);
    await this.stock.putBack(id, lines, authorOf(by));
    const returned = await this.steps.take(by.tenant, order, 'returned', {
      returnReason: reason,
      refundState: 'pending',
    });
    await this.#refund(id);
    await this.events.publish(orderReturned, { ...aboutOrder(returned), reason });
    return returned;
  }

  async #callOff(
    tenant: string,
    order: Order,
    event: 'cancelled' | 'expired',
    reason: string,
  ): Promise<OrderWithLines> {
    const isPaid = order.paymentId !== null;
    await this.stock.release(order.id);
    const cancelled = await this.steps.take(tenant, order, event, {
      cancelReason: reason,
      refundState: isPaid ? 'pending' : null,
    });
    if (isPaid) await this.#refund(order.id);
    await this.events.publish(orderCancelled, { ...aboutOrder(cancelled), reason, is_refunded: isPaid });
    return cancelled;
  }

  /** The money moves elsewhere, in its own time: from the commit on, that is for sure. */
  async #refund(id: string): Promise<void> {
    await this.jobs.enqueue(refundOrder, { order_id: id }, { singletonKey: id });
  }
}
