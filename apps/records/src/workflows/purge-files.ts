import { Schedule, type RunsOnSchedule } from '@gantry/jobs';
import { Database, NO_TENANT } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';

/** Files that are deleted in one transaction, each with up to some hundred parts. */
const BATCH = 20;

/** Deletes the exported files of operations that are forgotten. */
@Injectable()
@Schedule({ name: 'purge-files', cron: '17 * * * *' })
export class PurgeFiles implements RunsOnSchedule {
  constructor(private readonly database: Database) {}

  async run(signal: AbortSignal): Promise<void> {
    let purged: number;
    do purged = await this.#purge(signal);
    while (purged === BATCH);
  }

  #purge(signal: AbortSignal): Promise<number> {
    return this.database.write({ tenant: NO_TENANT, signal }, async () => {
      const [row] = await this.database.sql<
        [{ purged: number }]
      >`select purge_expired_files(${BATCH}) as purged`;
      return row.purged;
    });
  }
}
