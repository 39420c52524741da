import { Metrics } from '@gantry/observability';
import { Injectable } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { isOrdinaryRead, type AuditEntry } from './audit-entry.ts';

/** How an entry got into the database: with its call, before its call was answered, or with others after that. */
export type AuditPath = 'transaction' | 'direct' | 'batch';

/** What an operator can see of the trail being written. */
@Injectable()
export class AuditMetrics {
  private readonly entries: Counter<'path'>;
  private readonly drops: Counter<'kind'>;

  constructor(private readonly metrics: Metrics) {
    const registers = [metrics.registry];
    this.entries = new Counter({
      name: 'mcp_audit_entries_total',
      help: 'Calls recorded, by the way of the entry: with the call, before its answer, or in a batch.',
      labelNames: ['path'],
      registers,
    });
    this.drops = new Counter({
      name: 'mcp_audit_dropped_total',
      help: 'Entries lost because the database was too slow or away: of successful reads, or of other calls.',
      labelNames: ['kind'],
      registers,
    });
    // Series that are there from the start let rate() see the first entry.
    for (const path of ['transaction', 'direct', 'batch']) this.entries.inc({ path }, 0);
    for (const kind of ['read', 'other']) this.drops.inc({ kind }, 0);
  }

  /** Entries are in the database. */
  recorded(path: AuditPath, count: number): void {
    this.entries.inc({ path }, count);
  }

  /** An entry will never be in the database. */
  dropped(entry: AuditEntry): void {
    this.drops.inc({ kind: isOrdinaryRead(entry) ? 'read' : 'other' });
  }

  /** Measures a queue whenever metrics are collected. */
  watchQueue(length: () => number): void {
    new Gauge({
      name: 'mcp_audit_queue_entries',
      help: 'Entries that wait to be written.',
      registers: [this.metrics.registry],
      collect() {
        this.set(length());
      },
    });
  }
}
