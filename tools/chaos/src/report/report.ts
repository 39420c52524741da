import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RoundResult } from '../round.ts';
import type { MachineFacts } from './machine.ts';

/** The figures of the last run. */
export const REPORT = fileURLToPath(new URL('../../../../dist/chaos.json', import.meta.url));

/** What a run has shown. */
export interface Report {
  /** When it began, as ISO 8601 has it. */
  readonly at: string;
  readonly machine: MachineFacts;
  readonly loadAverageAfter: readonly number[];
  /** What each round had at least: orders that are paid, and strikes. */
  readonly orders: number;
  readonly strikes: number;
  readonly tookMs: number;
  readonly rows: readonly Row[];
  /** Faults that this machine has not what it takes for. */
  readonly skipped: readonly string[];
}

/** What one fault did, and what became of it. */
export interface Row {
  readonly fault: string;
  /** How often each was hit. */
  readonly hits: Readonly<Record<string, number>>;
  readonly strikes: number;
  readonly calls: number;
  readonly acknowledged: number;
  readonly repeated: number;
  /** Why calls were repeated, the most frequent reason first. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Attempts that hung past the deadline of their tool and a second. */
  readonly unanswered: number;
  readonly violations: readonly string[];
  /** Did the fault strike, and did clients feel it? If not, the row shows nothing. */
  readonly isFelt: boolean;
  readonly tookMs: number;
  readonly recoveredMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** The figures of a round. */
export function rowOf({ fault, figures, strikes, violations, tookMs, restMs }: RoundResult): Row {
  return {
    fault: fault.name,
    hits: Object.fromEntries(
      [...Map.groupBy(strikes, (hit) => hit)].map(([hit, { length }]) => [hit, length]),
    ),
    strikes: strikes.length,
    calls: figures.attempts,
    acknowledged: figures.acknowledged,
    repeated: figures.repetitions,
    reasons: Object.fromEntries(figures.reasons),
    unanswered: figures.hung.length,
    violations,
    isFelt: strikes.length > 0 && (fault.isFelt?.(figures) ?? true),
    tookMs,
    recoveredMs: restMs,
    p50Ms: figures.quantile(0.5),
    p99Ms: figures.quantile(0.99),
    maxMs: figures.quantile(1),
  };
}

/** Nothing was violated, and everything that was promised to go wrong did. */
export function isGood(rows: readonly Row[]): boolean {
  return rows.length > 0 && rows.every(({ violations, isFelt }) => violations.length === 0 && isFelt);
}

export function writeReport(report: Report): void {
  mkdirSync(dirname(REPORT), { recursive: true });
  writeFileSync(REPORT, `${JSON.stringify(report, undefined, 2)}\n`);
}

/** @throws Error if nothing was run yet */
export function readReport(): Report {
  if (!existsSync(REPORT)) throw new Error('There are no figures yet: run `make chaos` first.');
  return JSON.parse(readFileSync(REPORT, 'utf8')) as Report;
}
