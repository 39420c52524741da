import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';

/** A webhook as it is remembered: nothing of what it said. */
export interface SeenEvent {
  /** The provider's id: the same for each copy. */
  readonly id: string;
  readonly type: string;
  /** ISO 8601, by the clock of the provider. */
  readonly occurredAt: string;
}

/** The rows of `provider_events`, in the current unit of work. */
@Injectable()
export class ProviderEventStore {
  constructor(private readonly database: Database) {}

  /**
   * Remembers an event together with whatever this unit of work does about it. Of several copies that come at once,
   * one is the first, and the others wait for its commit.
   *
   * @returns false if it was handled before
   */
  async isFirst({ id, type, occurredAt }: SeenEvent): Promise<boolean> {
    const inserted = await this.database.sql`
      insert into provider_events (id, type, occurred_at)
      values (${id}, ${type}, ${occurredAt})
      on conflict (tenant_id, id) do nothing`;
    return inserted.count === 1;
  }

  /**
   * Deletes events of all tenants that came long ago, the oldest first.
   *
   * @returns how many
   */
  async forget(olderThanDays: number, limit: number): Promise<number> {
    const [row] = await this.database.sql<[{ forgotten: number }]>`
      select forget_provider_events(make_interval(days => ${olderThanDays}), ${limit}) as forgotten`;
    return row.forgotten;
  }
}
