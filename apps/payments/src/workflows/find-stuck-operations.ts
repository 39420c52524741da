import { Config } from '@gantry/config';
import { Jobs, Schedule, type RunsOnSchedule } from '@gantry/jobs';
import { Log } from '@gantry/observability';
import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import { paymentsSettings } from '../payments.config.ts';
import { OperationLog } from '../store/operation-log.ts';
import { unfinishedOperations } from './queues.ts';

/** How many are picked up in one round. */
const BATCH = 200;

/** The safety net: an operation whose job was lost, or has been given up, gets a new one. */
@Injectable()
@Schedule({ name: 'find-stuck-payment-operations', cron: '* * * * *' })
export class FindStuckOperations implements RunsOnSchedule {
  readonly #quietSeconds: number;

  constructor(
    private readonly operations: OperationLog,
    private readonly jobs: Jobs,
    private readonly database: Database,
    private readonly log: Log,
    config: Config,
  ) {
    const { completeAfterSeconds, stepSeconds } = config.get(paymentsSettings);
    this.#quietSeconds = 2 * (completeAfterSeconds + stepSeconds);
  }

  async run(signal: AbortSignal): Promise<void> {
    const stuck = await this.operations.stuck(this.#quietSeconds, BATCH);
    let enqueued = 0;
    for (const { tenant, id } of stuck) {
      const job = await this.database.write({ tenant, signal }, () =>
        this.jobs.enqueue(unfinishedOperations, { operation_id: id }, { singletonKey: id }),
      );
      if (job !== undefined) enqueued += 1;
    }
    if (enqueued > 0) this.log.warn({ enqueued }, 'Operations without a job were found.');
  }
}
