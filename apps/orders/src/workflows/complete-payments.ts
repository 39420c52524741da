import { JobHandler, type HandlesJob, type Job } from '@gantry/jobs';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { PaymentCompletion } from '../desk/payment-completion.ts';
import { unfinishedPaymentAttempts } from './queues.ts';

/**
 * Brings attempts to pay to their end whose calls did not: because their process was killed, or the payments server was
 * away or has not said what became of it. One that waits for somebody to approve it is left, and found again later.
 */
@Injectable()
@JobHandler({ queue: unfinishedPaymentAttempts, concurrency: 5, ownTransactions: true })
export class CompletePayments implements HandlesJob<typeof unfinishedPaymentAttempts> {
  constructor(private readonly completion: PaymentCompletion) {}

  async handle(
    { attempt_id: id }: z.output<(typeof unfinishedPaymentAttempts)['payload']>,
    { tenant }: Job,
  ): Promise<void> {
    await this.completion.resume(tenant, id);
  }
}
