import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import type { RecordVersion } from '../domain/record.ts';

/** Which versions of a record to list, latest first. */
export interface VersionWindow {
  /** Versions before this one. */
  readonly before: number | undefined;
  readonly limit: number;
}

/** The rows of `record_history`, in the current unit of work. The database writes them itself. */
@Injectable()
export class RecordHistoryStore {
  constructor(private readonly database: Database) {}

  /** Versions of a record, the latest first; none if there is no such record. */
  async list(recordId: string, { before, limit }: VersionWindow): Promise<RecordVersion[]> {
    const { sql } = this.database;
    return sql<RecordVersion[]>`
      select
        version, change, data, changed_at as "changedAt",
        json_build_object('subject', changed_by_subject, 'client', changed_by_client) as "changedBy"
      from record_history
      where record_id = ${recordId}
        ${before === undefined ? sql`` : sql`and version < ${before}`}
      order by version desc
      limit ${limit}`;
  }
}
