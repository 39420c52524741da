import { AsyncLocalStorage } from 'node:async_hooks';
import { Config } from '@gantry/config';
import { Log } from '@gantry/observability';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { AuditEntry } from './audit-entry.ts';
import { AuditMetrics } from './audit-metrics.ts';
import { AuditQueue } from './audit-queue.ts';
import { AuditStore } from './audit-store.ts';
import { auditSettings } from './settings.ts';

/** How long one insert may take. */
const WRITE_MS = 5_000;

/** How long an external call waits for its entry before it is answered without. */
const DIRECT_WRITE_MS = 2_000;

/** Pause after a failure. */
const RETRY_MS = 1_000;

/**
 * Writes the entries of calls that have no transaction for them, behind the answers and in batches: one insert per
 * tenant. Calls never wait for it.
 */
@Injectable()
export class BatchWriter implements BeforeApplicationShutdown {
  private readonly queue: AuditQueue;
  private readonly flushMs: number;
  private readonly batchRows: number;
  /** Leaves the context of the call that happens to set a flush off. */
  private readonly outsideCalls = AsyncLocalStorage.snapshot();
  private timer: NodeJS.Timeout | undefined;
  private flushing: Promise<void> | undefined;
  private isFailing = false;
  private isClosed = false;

  constructor(
    private readonly store: AuditStore,
    private readonly metrics: AuditMetrics,
    private readonly log: Log,
    config: Config,
  ) {
    const { flushMs, batchRows, queueRows } = config.get(auditSettings);
    this.flushMs = flushMs;
    this.batchRows = batchRows;
    this.queue = new AuditQueue(queueRows);
    metrics.watchQueue(() => this.queue.length);
  }

  /** Takes an entry to be written soon. Never waits, never throws. */
  add(entry: AuditEntry): void {
    const dropped = this.queue.add(entry);
    if (dropped) this.metrics.dropped(dropped);
    if (this.isClosed) this.giveUp();
    else this.schedule();
  }

  /** Writes an entry now; if that fails, it waits with the others. Never throws. */
  async write(entry: AuditEntry): Promise<void> {
    try {
      await this.store.insertMissing(entry.tenant_id, [entry], DIRECT_WRITE_MS);
      this.metrics.recorded('direct', 1);
    } catch {
      this.add(entry);
    }
  }

  /** Calls have ended and the database is still there: writes what waits. One failure, and it is given up. */
  async beforeApplicationShutdown(): Promise<void> {
    do {
      await this.flushing;
      await this.flush();
    } while (this.queue.waiting > 0 && !this.isFailing);
    this.isClosed = true;
    clearTimeout(this.timer);
    this.giveUp();
  }

  private schedule(): void {
    if (this.flushing) return;
    if (this.queue.waiting >= this.batchRows && !this.isFailing) return void this.flush();
    const delay = this.isFailing ? Math.max(RETRY_MS, this.flushMs) : this.flushMs;
    this.timer ??= setTimeout(() => void this.flush(), delay).unref();
  }

  private async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.flushing = this.outsideCalls(() => this.writeWaiting());
    await this.flushing;
    this.flushing = undefined;
    if (this.queue.waiting > 0) this.schedule();
  }

  /** What waits now; what is added meanwhile gathers for the next time. */
  private async writeWaiting(): Promise<void> {
    const wasFailing = this.isFailing;
    this.isFailing = false;
    for (let left = this.queue.waiting; left > 0 && !this.isFailing;) {
      const batch = this.queue.take(Math.min(left, this.batchRows));
      left = Math.min(left - batch.length, this.queue.waiting);
      const tenants = Map.groupBy(batch, (entry) => entry.tenant_id).entries();
      // Two share the work, so that one tenant whose insert has to wait does not keep the others waiting.
      await Promise.all([this.writeTenants(tenants, wasFailing), this.writeTenants(tenants, wasFailing)]);
    }
    if (wasFailing && !this.isFailing) this.log.info({}, 'Audit entries are written again.');
  }

  private async writeTenants(tenants: Iterable<[string, AuditEntry[]]>, wasFailing: boolean): Promise<void> {
    for (const [tenant, entries] of tenants) {
      try {
        if (!this.isFailing) {
          await this.store.insertMissing(tenant, entries, WRITE_MS);
          this.queue.done(entries);
          this.metrics.recorded('batch', entries.length);
          continue;
        }
      } catch (err) {
        if (!wasFailing && !this.isFailing)
          this.log.warn({ err }, 'Audit entries cannot be written; they wait.');
        this.isFailing = true;
      }
      this.queue.giveBack(entries);
    }
  }

  private giveUp(): void {
    const lost = this.queue.take(this.queue.waiting);
    for (const entry of lost) this.metrics.dropped(entry);
    if (lost.length > 0)
      this.log.error({ lost: lost.length }, 'Audit entries are lost: the service has stopped.');
    this.queue.done(lost);
  }
}
