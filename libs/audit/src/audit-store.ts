import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import type { AuditEntry } from './audit-entry.ts';

/** The rows of `audit_entries`. */
@Injectable()
export class AuditStore {
  constructor(private readonly database: Database) {}

  /** Adds the entry of a call in the unit of work that the call runs in. */
  async insert(entry: AuditEntry): Promise<void> {
    await this.insertAll([entry], this.database.sql``);
  }

  /**
   * Adds entries of one tenant in a transaction of their own, in one statement. What has been recorded already
   * stays as it is: a call that was told "not known whether it took effect" may have committed with its row. If its
   * transaction is still open, this waits for the end of it.
   */
  async insertMissing(tenant: string, entries: readonly AuditEntry[], withinMs: number): Promise<void> {
    await this.database.write({ tenant, deadline: performance.now() + withinMs }, () =>
      this.insertAll(entries, this.database.sql`on conflict (tenant_id, request_id) do nothing`),
    );
  }

  /** One text for any number of rows, so that each connection prepares it once. */
  private async insertAll(
    entries: readonly AuditEntry[],
    onConflict: ReturnType<Database['sql']>,
  ): Promise<void> {
    const { sql } = this.database;
    await sql`
      insert into audit_entries (
        tenant_id, request_id, at, subject, client, tool, effect, outcome, category, duration_ms, error_id,
        trace_id, idempotency_key_hash, arguments_hash, replayed
      )
      select * from json_to_recordset(${JSON.stringify(entries)}::text::json) as entry(
        tenant_id text, request_id text, at timestamptz, subject text, client text, tool text, effect text,
        outcome text, category text, duration_ms double precision, error_id text,
        trace_id text, idempotency_key_hash bytea, arguments_hash bytea, replayed boolean
      )
      ${onConflict}`;
  }
}
