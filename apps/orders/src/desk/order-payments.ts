import { Config } from '@gantry/config';
import { Events } from '@gantry/jobs';
import { Injectable } from '@nestjs/common';
import { orderNotPayable } from '../domain/order-refusals.ts';
import { nextState } from '../domain/order-state-machine.ts';
import type { OrderWithLines } from '../domain/order.ts';
import { aboutOrder } from '../events/about-order.ts';
import { orderPaid, orderPaymentFailed } from '../events/order-events.ts';
import { reservationEnd } from '../orders.config.ts';
import { Stock } from '../store/stock.store.ts';
import { OrderSteps } from './order-steps.ts';

/**
 * What becomes of an order as it is paid and refunded: the steps of whoever talks to the payments server, each in the
 * current unit of work. None of them talks to anybody.
 *
 * A report may come twice, from a call and from a job; of two that say the same, the second changes nothing.
 */
@Injectable()
export class OrderPayments {
  constructor(
    private readonly stock: Stock,
    private readonly steps: OrderSteps,
    private readonly events: Events,
    private readonly config: Config,
  ) {}

  /**
   * Begins an attempt to pay: the next `paymentAttempt`. From now on the stock is kept, whatever the clock says, until
   * the outcome is reported; after a failure for a whole reservation time.
   *
   * @throws GantryError `order_not_found`, `order_not_payable`, `order_payment_pending`
   */
  async begin(tenant: string, id: string): Promise<OrderWithLines> {
    const order = await this.steps.hold(id);
    if (!nextState(order.state, 'payment_begun')) throw orderNotPayable(id, order.state);
    // Stock is released together with the order: one that can be paid holds it.
    if (!(await this.stock.extend(id, reservationEnd(this.config))))
      throw new Error(`Order ${id} is ${order.state} and holds no stock.`);
    return this.steps.take(tenant, order, 'payment_begun', {
      paymentAttempt: order.paymentAttempt + 1,
      paymentError: null,
    });
  }

  /** The attempt has succeeded: the order is paid. */
  async succeeded(tenant: string, id: string, paymentId: string): Promise<OrderWithLines> {
    const order = await this.steps.hold(id);
    if (order.paymentId === paymentId) return this.steps.read(id);
    const paid = await this.steps.take(tenant, order, 'payment_succeeded', { paymentId });
    await this.events.publish(orderPaid, { ...aboutOrder(paid), payment_id: paymentId });
    return paid;
  }

  /**
   * An attempt has failed for good: nothing was taken, and nothing will be.
   *
   * @param attempt - the one that failed; a report of an earlier one changes nothing
   * @param code - why: the error code of the payments server
   */
  async failed(tenant: string, id: string, attempt: number, code: string): Promise<OrderWithLines> {
    const order = await this.steps.hold(id);
    if (order.paymentAttempt > attempt || order.paymentError !== null) return this.steps.read(id);
    const failed = await this.steps.take(tenant, order, 'payment_failed', { paymentError: code });
    await this.events.publish(orderPaymentFailed, { ...aboutOrder(failed), attempt, payment_error: code });
    return failed;
  }

  /** The money of a cancelled or returned order has been given back, or cannot be. */
  async refundSettled(tenant: string, id: string, outcome: 'refunded' | 'failed'): Promise<OrderWithLines> {
    const order = await this.steps.hold(id);
    if (order.refundState === outcome) return this.steps.read(id);
    return this.steps.note(tenant, order, { refundState: outcome });
  }

  /** The receipt of a paid order is in the records server. */
  async receiptKept(tenant: string, id: string, recordId: string): Promise<OrderWithLines> {
    const order = await this.steps.hold(id);
    if (order.receiptRecordId === recordId) return this.steps.read(id);
    return this.steps.note(tenant, order, { receiptRecordId: recordId });
  }
}
