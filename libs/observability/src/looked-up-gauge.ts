import { Gauge } from 'prom-client';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';

/** A gauge whose values nobody in this process knows, so that they have to be looked up: in the database, say. */
export interface LookedUpGauge<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly label: Label;
  /** Values by label. Has to end in a second or two, for a scrape waits for it. */
  readonly lookUp: () => Promise<Iterable<readonly [label: string, value: number]>>;
}

/**
 * Registers a gauge whose values are looked up whenever metrics are collected. While that fails there are none: old
 * values would mislead, and a scrape that failed would cost all the other metrics.
 *
 * @example
 * ```ts
 * registerLookedUpGauge(metrics, log, {
 *   name: 'mcp_overdue_work',
 *   help: 'Work that should have been done long ago.',
 *   label: 'kind',
 *   lookUp: async () => [['refund', await this.countRefunds()]],
 * });
 * ```
 */
export function registerLookedUpGauge<Label extends string>(
  { registry }: Metrics,
  log: Log,
  { name, help, label, lookUp }: LookedUpGauge<Label>,
): void {
  let isFailing = false;
  new Gauge({
    name,
    help,
    labelNames: [label],
    registers: [registry],
    async collect() {
      try {
        const values = await lookUp();
        this.reset();
        for (const [text, value] of values) this.labels(text).set(value);
        isFailing = false;
      } catch (err) {
        this.reset();
        // Changes are logged, states are not: a scrape comes every few seconds.
        if (!isFailing) log.warn({ metric: name, err }, 'a metric cannot be looked up');
        isFailing = true;
      }
    },
  });
}
