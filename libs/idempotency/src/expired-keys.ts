import { Log } from '@gantry/observability';
import { Database, NO_TENANT } from '@gantry/postgres';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';

/** How often a replica looks for expired keys, give or take half of it so that replicas do not move in step. */
const INTERVAL_MS = 10 * 60_000;

/** Few enough that the rows are locked for milliseconds. */
const BATCH = 1_000;

/** A replica that comes back after a long time takes the rest at its next turns. */
const MAX_BATCHES = 100;

/** Deletes the keys and used tickets that have expired, in the background, on every replica. */
@Injectable()
export class ExpiredKeys implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly log: Log,
  ) {}

  /** Begins to purge, some minutes from now. */
  onApplicationBootstrap(): void {
    this.schedule();
  }

  /** Cancels a purge that is running and waits for its end. */
  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    clearTimeout(this.timer);
    await this.round;
  }

  /**
   * Deletes up to `limit` expired keys, and as many used tickets, of all tenants, the oldest first, without waiting
   * for any that is locked.
   *
   * @returns how many rows were deleted
   */
  purge(limit: number): Promise<number> {
    return this.database.write({ tenant: NO_TENANT, signal: this.stopping.signal }, async () => {
      const [row] = await this.database.sql<{ purged: number }[]>`
        select purge_expired_idempotency_keys(${limit}) + purge_expired_tickets(${limit}) as purged`;
      return row!.purged;
    });
  }

  private schedule(): void {
    const delay = INTERVAL_MS * (0.5 + Math.random());
    this.timer = setTimeout(() => {
      this.round = this.purgeAll();
    }, delay).unref();
  }

  private async purgeAll(): Promise<void> {
    try {
      for (let batch = 0; batch < MAX_BATCHES; batch++) {
        if ((await this.purge(BATCH)) < BATCH) break;
      }
    } catch (error) {
      if (!this.stopping.signal.aborted)
        this.log.warn({ err: error }, 'Expired idempotency keys could not be purged.');
    }
    if (!this.stopping.signal.aborted) this.schedule();
  }
}
