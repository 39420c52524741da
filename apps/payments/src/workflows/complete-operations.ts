import { JobHandler, type HandlesJob, type Job } from '@gantry/jobs';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { Completion } from '../desk/completion.ts';
import { unfinishedOperations } from './queues.ts';

/**
 * Brings operations to their end whose calls did not: because their process was killed, the provider was away or has
 * not said what became of it.
 */
@Injectable()
@JobHandler({ queue: unfinishedOperations, concurrency: 5, ownTransactions: true })
export class CompleteOperations implements HandlesJob<typeof unfinishedOperations> {
  constructor(private readonly completion: Completion) {}

  async handle(
    { operation_id: id }: z.output<(typeof unfinishedOperations)['payload']>,
    { tenant }: Job,
  ): Promise<void> {
    await this.completion.complete(tenant, id);
  }
}
