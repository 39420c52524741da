import { Schedule, type RunsOnSchedule } from '@gantry/jobs';
import { Database, NO_TENANT } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import { ProviderEventStore } from '../store/provider-event.store.ts';

/** Stripe sends an event again for three days, and a signature is good for minutes: a copy cannot come later. */
const REMEMBERED_DAYS = 30;

/** Rows that are deleted in one transaction. */
const BATCH = 1_000;

/** Forgets webhooks of which no copy can come any more. */
@Injectable()
@Schedule({ name: 'forget-provider-events', cron: '41 * * * *' })
export class ForgetProviderEvents implements RunsOnSchedule {
  constructor(
    private readonly events: ProviderEventStore,
    private readonly database: Database,
  ) {}

  async run(signal: AbortSignal): Promise<void> {
    let forgotten: number;
    do
      forgotten = await this.database.write({ tenant: NO_TENANT, signal }, () =>
        this.events.forget(REMEMBERED_DAYS, BATCH),
      );
    while (forgotten >= BATCH);
  }
}
