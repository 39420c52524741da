import { JobHandler, type HandlesJob, type Job } from '@gantry/jobs';
import { Log, Metrics } from '@gantry/observability';
import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import type { z } from 'zod';
import { OrderPayments } from '../desk/order-payments.ts';
import { PaymentsServer } from '../remote/payments-server.ts';
import { OrderStore } from '../store/order.store.ts';
import { PaymentAttemptStore } from '../store/payment-attempt.store.ts';
import { refundOrder } from './queues.ts';

/** Gives the money of cancelled and returned orders back, once, as often as it has to be asked for. */
@Injectable()
@JobHandler({ queue: refundOrder, concurrency: 5, ownTransactions: true })
export class RefundOrder implements HandlesJob<typeof refundOrder> {
  readonly #refunds: Counter<'outcome'>;

  constructor(
    private readonly database: Database,
    private readonly orders: OrderStore,
    private readonly attempts: PaymentAttemptStore,
    private readonly orderPayments: OrderPayments,
    private readonly payments: PaymentsServer,
    private readonly log: Log,
    { registry }: Metrics,
  ) {
    this.#refunds = new Counter({
      name: 'mcp_order_refunds_total',
      help: 'Final answers to refunds of orders: refunded or failed. One that is given twice counts twice.',
      labelNames: ['outcome'],
      registers: [registry],
    });
    // Series that are there from the start let rate() see the first refund.
    for (const outcome of ['refunded', 'failed']) this.#refunds.inc({ outcome }, 0);
  }

  async handle(
    { order_id: id }: z.output<(typeof refundOrder)['payload']>,
    { tenant, signal }: Job,
  ): Promise<void> {
    const { order, trace } = await this.database.read({ tenant, signal }, async () => ({
      order: (await this.orders.find(id))!,
      trace: (await this.attempts.latestOf(id))?.trace,
    }));
    if (order.refundState !== 'pending') return;
    const outcome = await this.payments.refund(id, order.paymentId!, { tenant, ...(trace && { trace }) });
    const isRefunded = outcome.kind === 'refunded';
    if (!isRefunded)
      this.log.error(
        { order: id, payment: order.paymentId, reason: outcome.reason },
        'The money of an order cannot be given back: somebody has to see to it.',
      );
    const ending = isRefunded ? 'refunded' : 'failed';
    await this.database.write({ tenant, signal }, () => this.orderPayments.refundSettled(tenant, id, ending));
    this.#refunds.inc({ outcome: ending });
  }
}
