import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import { storableReason, type Rejection } from './rejection.ts';

/** Rejections of a file that are kept: a hostile one would have as many as lines. */
const MAX_REJECTIONS = 10_000;

/** The rows of `upload_rejections`, in the current unit of work. */
@Injectable()
export class RejectionStore {
  constructor(private readonly database: Database) {}

  /** Adds those for which there is room. */
  async add(operationId: string, rejections: readonly Rejection[]): Promise<void> {
    const rows = rejections.map(({ line, reason }) => ({ line, reason: storableReason(reason) }));
    await this.database.sql`
      insert into upload_rejections (operation_id, line, reason)
      select ${operationId}, line, reason
      from json_to_recordset(${JSON.stringify(rows)}::text::json) as rejected (line bigint, reason text)
      order by line
      limit greatest(
        0,
        ${MAX_REJECTIONS} - (select count(*) from upload_rejections where operation_id = ${operationId})
      )`;
  }

  /** Those after a line, in the order of lines. */
  async after(operationId: string, line: number, limit: number): Promise<Rejection[]> {
    return this.database.sql<Rejection[]>`
      select line, reason from upload_rejections
      where operation_id = ${operationId} and line > ${line}
      order by line
      limit ${limit}`;
  }
}
