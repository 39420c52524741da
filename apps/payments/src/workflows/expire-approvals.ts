import { Config } from '@gantry/config';
import { Schedule, type RunsOnSchedule } from '@gantry/jobs';
import { Log } from '@gantry/observability';
import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import { Approvals } from '../desk/approvals.ts';
import { paymentsSettings } from '../payments.config.ts';
import { OperationLog } from '../store/operation-log.ts';

/** How many are ended in one round. */
const BATCH = 200;

/** Ends payments that nobody has decided about: whoever asked for one has long gone on, and must not be charged now. */
@Injectable()
@Schedule({ name: 'expire-payment-approvals', cron: '*/5 * * * *' })
export class ExpireApprovals implements RunsOnSchedule {
  readonly #patienceSeconds: number;

  constructor(
    private readonly operations: OperationLog,
    private readonly approvals: Approvals,
    private readonly database: Database,
    private readonly log: Log,
    config: Config,
  ) {
    this.#patienceSeconds = config.get(paymentsSettings).approvalHours * 3_600;
  }

  async run(signal: AbortSignal): Promise<void> {
    const waiting = await this.operations.awaitingApproval(this.#patienceSeconds, BATCH);
    let expired = 0;
    for (const { tenant, id } of waiting) {
      if (await this.database.write({ tenant, signal }, () => this.approvals.expire(id))) expired += 1;
    }
    if (expired > 0) this.log.info({ expired }, 'Payments that nobody decided about were cancelled.');
  }
}
