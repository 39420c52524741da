import { JobHandler, type HandlesJob, type Job } from '@gantry/jobs';
import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { OrderPayments } from '../desk/order-payments.ts';
import type { OrderWithLines } from '../domain/order.ts';
import { RecordsServer } from '../remote/records-server.ts';
import type { RemoteErrand } from '../remote/payments-server.ts';
import { OrderStore } from '../store/order.store.ts';
import { PaymentAttemptStore } from '../store/payment-attempt.store.ts';
import { unwrittenReceipts } from './queues.ts';

/** Long before the records server forgets a key, which it does after a day at the earliest. */
const KEY_IS_KNOWN_MS = 3_600_000;

/** Writes receipts of paid orders into the records server, as often as it takes; the order is paid all the same. */
@Injectable()
@JobHandler({ queue: unwrittenReceipts, concurrency: 5, ownTransactions: true })
export class WriteReceipt implements HandlesJob<typeof unwrittenReceipts> {
  constructor(
    private readonly database: Database,
    private readonly orders: OrderStore,
    private readonly attempts: PaymentAttemptStore,
    private readonly orderPayments: OrderPayments,
    private readonly records: RecordsServer,
  ) {}

  async handle(
    { order_id: id }: z.output<(typeof unwrittenReceipts)['payload']>,
    { tenant, signal }: Job,
  ): Promise<void> {
    const { order, trace } = await this.database.read({ tenant, signal }, async () => ({
      order: (await this.orders.find(id))!,
      trace: (await this.attempts.latestOf(id))?.trace,
    }));
    if (order.receiptRecordId !== null) return;
    const recordId = await this.#write(order, { tenant, ...(trace && { trace }) });
    await this.database.write({ tenant, signal }, () => this.orderPayments.receiptKept(tenant, id, recordId));
  }

  async #write(order: OrderWithLines, errand: RemoteErrand): Promise<string> {
    const isLate = Date.now() - Date.parse(order.paidAt!) > KEY_IS_KNOWN_MS;
    const found = isLate ? await this.records.findReceipt(order.id, errand) : undefined;
    return found ?? this.records.writeReceipt(order, errand);
  }
}
