import { Config } from '@gantry/config';
import { Jobs, Schedule, type Queue, type RunsOnSchedule } from '@gantry/jobs';
import { Log } from '@gantry/observability';
import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { PaymentCompletion } from '../desk/payment-completion.ts';
import { ordersSettings } from '../orders.config.ts';
import { UnfinishedWork, type WorkOfTenant } from '../store/unfinished-work.ts';
import { refundOrder, unfinishedPaymentAttempts, unwrittenReceipts } from './queues.ts';

/** How many of a kind are picked up in one round. */
const BATCH = 200;

/** What a job does within seconds if all is well. */
const QUIET_SECONDS = 60;

/**
 * The safety net: what other servers still have to be asked for, and whose job was lost or has been given up, gets a new
 * one. Payments that wait for somebody's approval are found by it too, the more seldom the longer they wait.
 */
@Injectable()
@Schedule({ name: 'find-unfinished-work', cron: '* * * * *' })
export class FindUnfinishedWork implements RunsOnSchedule {
  readonly #paymentQuietSeconds: number;

  constructor(
    private readonly work: UnfinishedWork,
    private readonly jobs: Jobs,
    private readonly database: Database,
    private readonly log: Log,
    completion: PaymentCompletion,
    config: Config,
  ) {
    this.#paymentQuietSeconds =
      config.get(ordersSettings).completePaymentAfterSeconds + completion.leaseSeconds;
  }

  async run(signal: AbortSignal): Promise<void> {
    const attempts = await this.work.paymentAttempts(this.#paymentQuietSeconds, BATCH);
    const receipts = await this.work.receipts(QUIET_SECONDS, BATCH);
    const refunds = await this.work.refunds(QUIET_SECONDS, BATCH);
    await this.#enqueue(unfinishedPaymentAttempts, attempts, (id) => ({ attempt_id: id }), signal);
    await this.#enqueue(unwrittenReceipts, receipts, (id) => ({ order_id: id }), signal);
    await this.#enqueue(refundOrder, refunds, (id) => ({ order_id: id }), signal);
  }

  /** Those that have a job keep it. */
  async #enqueue<Payload extends z.ZodType>(
    queue: Queue<Payload>,
    found: readonly WorkOfTenant[],
    payloadOf: (id: string) => z.input<Payload>,
    signal: AbortSignal,
  ): Promise<void> {
    let enqueued = 0;
    for (const { tenant, id } of found) {
      const job = await this.database.write({ tenant, signal }, () =>
        this.jobs.enqueue(queue, payloadOf(id), { singletonKey: id }),
      );
      if (job !== undefined) enqueued += 1;
    }
    if (enqueued > 0)
      this.log.info({ queue: queue.name, enqueued }, 'Unfinished work without a job was found.');
  }
}
