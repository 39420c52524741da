import type { RunningCall, Ticket } from '@gantry/pipeline';
import type { Database } from '@gantry/postgres';

/** Clocks of replicas and database differ; a row that is kept longer than needed harms nobody. */
const CLOCK_DIFFERENCE_SECONDS = 3_600;

/** The rows of `used_tickets`, in the current unit of work. */
export class TicketStore {
  constructor(private readonly database: Database) {}

  /**
   * Uses a ticket up, unless somebody has. Two transactions that use the same one wait for each other in Postgres:
   * the second is told when the first has ended.
   *
   * @returns false if it has been used
   */
  async use({ principal, requestId }: RunningCall, { id, validSeconds }: Ticket): Promise<boolean> {
    const rows = await this.database.sql`
      insert into used_tickets as held (tenant_id, id, request_id, expires_at)
      values (
        ${principal.tenant}, ${id}, ${requestId},
        now() + make_interval(secs => ${validSeconds + CLOCK_DIFFERENCE_SECONDS})
      )
      on conflict (tenant_id, id) do update set
        request_id = excluded.request_id,
        used_at = excluded.used_at,
        expires_at = excluded.expires_at
      where held.expires_at <= now()
      returning true`;
    return rows.length > 0;
  }

  /** Takes back what a call has used up, so that it can be used again. */
  async giveBack({ principal, requestId }: RunningCall, { id }: Ticket): Promise<void> {
    await this.database.sql`
      update used_tickets set expires_at = now()
      where tenant_id = ${principal.tenant} and id = ${id} and request_id = ${requestId}`;
  }
}
