import { Schedule, type RunsOnSchedule } from '@gantry/jobs';
import { Database, NO_TENANT } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import { ReconciliationStore } from '../store/reconciliation.store.ts';

/** Rows that are deleted in one transaction. */
const BATCH = 5_000;

/** Deletes the reconciliations of operations that are forgotten. */
@Injectable()
@Schedule({ name: 'purge-reconciliations', cron: '23 * * * *' })
export class PurgeReconciliations implements RunsOnSchedule {
  constructor(
    private readonly database: Database,
    private readonly store: ReconciliationStore,
  ) {}

  async run(signal: AbortSignal): Promise<void> {
    let purged: boolean;
    do purged = await this.database.write({ tenant: NO_TENANT, signal }, () => this.store.purge(BATCH));
    while (purged);
  }
}
