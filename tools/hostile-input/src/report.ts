import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import type { Lag, Reading } from './fleet/probe.ts';
import type { Finding } from './score.ts';
import type { SiegeResult } from './siege.ts';

/** How many findings of a service are shown; the file has more. */
const SHOWN = 40;
const LENGTH = 300;

const mebibytes = (bytes: number) => (bytes / 1_048_576).toFixed(1);

/** One line for each service. */
export function table(results: readonly SiegeResult[]): string {
  const rows = results.map((result) => {
    const { score, tookMs, readings } = result;
    const worst = worstOf(readings);
    return [
      result.service,
      score.inputs,
      (score.inputs / (tookMs / 1_000)).toFixed(0),
      score.outcomes.ok,
      score.outcomes.refused,
      score.outcomes.protocol,
      score.unavailable,
      score.of('unstructured') + score.of('internal error'),
      score.of('leak'),
      score.of('crash'),
      score.violations,
      `${worst.ownMs.toFixed(0)} / ${worst.lateMs.toFixed(0)}`,
      growth(readings, 'heapBytes'),
      growth(readings, 'rssBytes'),
    ].map(String);
  });
  const head = [
    'service',
    'inputs',
    'per s',
    'ok',
    'refused',
    'protocol',
    'unavailable',
    'unstructured',
    'leaks',
    'crashes',
    'violations',
    'worst turn own/late ms',
    'heap MiB',
    'RSS MiB',
  ];
  return aligned([head, ...rows]);
}

/** What was sent, and what went wrong. */
export function details({ service, score }: SiegeResult): string {
  const { findings } = score;
  return [
    `${service}: ${[...score.families].map(([family, count]) => `${family} ${count}`).join(', ')}`,
    ...findings.slice(0, SHOWN).map(line),
    ...(findings.length > SHOWN ? [`  … and ${findings.length - SHOWN} more`] : []),
  ].join('\n');
}

function line({ kind, input, what, times, script }: Finding): string {
  const text = what.replaceAll(/\s+/g, ' ').slice(0, LENGTH);
  const again = script === undefined ? '' : `\n    again: ${script}`;
  return `  ${kind.toUpperCase()} (${times}) ${input}: ${text}${again}`;
}

/** The same for machines. */
export function writeJson(file: string, seed: number, results: readonly SiegeResult[]): void {
  const services = results.map(({ service, score, tookMs, readings }) => ({
    service,
    inputs: score.inputs,
    tookMs: Math.round(tookMs),
    outcomes: score.outcomes,
    unavailable: score.unavailable,
    families: Object.fromEntries(score.families),
    attacksTookMs: Object.fromEntries(score.took),
    violations: Object.fromEntries(score.counts),
    findings: score.findings,
    worstLag: worstOf(readings),
    readings: readings.map(({ heapBytes, rssBytes }) => ({ heapBytes, rssBytes })),
  }));
  const machine = {
    node: process.version,
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    memoryBytes: totalmem(),
  };
  writeFileSync(
    file,
    `${JSON.stringify({ at: new Date().toISOString(), seed, machine, services }, undefined, 2)}\n`,
  );
}

/** The first reading's is of the start. */
function worstOf([, ...readings]: readonly Reading[]): Lag {
  return readings
    .map(({ worst }) => worst)
    .reduce((worse, lag) => (lag.ownMs > worse.ownMs ? lag : worse), { at: 0, lateMs: 0, ownMs: 0 });
}

/** From the start over the middle to the end. */
function growth(readings: readonly Reading[], of: 'heapBytes' | 'rssBytes'): string {
  return readings.map((reading) => mebibytes(reading[of])).join(' → ');
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
        .join('  '),
    )
    .join('\n');
}
