import { JobHandler, type HandlesJob, type Job } from '@gantry/jobs';
import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { Completion } from '../desk/completion.ts';
import { ProviderChanges } from '../desk/provider-changes.ts';
import { OperationLog } from '../store/operation-log.ts';
import { providerNews } from './queues.ts';

/** Looks after payments of which the provider has told something. What it told is not believed but asked for. */
@Injectable()
@JobHandler({ queue: providerNews, concurrency: 5, ownTransactions: true })
export class FollowProviderNews implements HandlesJob<typeof providerNews> {
  constructor(
    private readonly database: Database,
    private readonly operations: OperationLog,
    private readonly completion: Completion,
    private readonly changes: ProviderChanges,
  ) {}

  async handle(
    { payment_id: paymentId, operation_id: refundOperationId }: z.output<(typeof providerNews)['payload']>,
    { tenant }: Job,
  ): Promise<void> {
    const unfinished = await this.database.read({ tenant }, () => this.operations.unfinishedOf(paymentId));
    if (unfinished) await this.completion.complete(tenant, unfinished.id);
    else if (refundOperationId === undefined) await this.changes.followIntent(tenant, paymentId);
    else await this.changes.followRefund(tenant, refundOperationId);
  }
}
