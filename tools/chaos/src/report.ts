import type { RoundResult } from './round.ts';

/** How many of a kind of line are shown. */
const SHOWN = 20;

const seconds = (milliseconds: number) => `${(milliseconds / 1_000).toFixed(1)} s`;

/** One line for each fault. */
export function table(results: readonly RoundResult[]): string {
  const rows = results.map(({ fault, figures, strikes, tookMs, restMs, violations }) => [
    fault,
    strikes.length,
    figures.attempts,
    figures.acknowledged,
    figures.repetitions,
    figures.unanswered,
    violations.length,
    seconds(tookMs),
    seconds(restMs),
    `${figures.quantile(0.5).toFixed(0)} / ${figures.quantile(0.99).toFixed(0)} / ${figures.quantile(1).toFixed(0)}`,
  ]);
  const head = [
    'fault',
    'strikes',
    'calls',
    'acknowledged',
    'repeated',
    'unanswered',
    'violations',
    'took',
    'at rest after',
    'p50/p99/max ms',
  ];
  return aligned([head, ...rows.map((row) => row.map(String))]);
}

/** Where a fault struck, why calls were repeated, and what went wrong. */
export function details({ fault, strikes, figures, violations }: RoundResult): string {
  const where = Map.groupBy(strikes, (strike) => strike);
  const lines = [
    `${fault}: ${[...where].map(([what, times]) => `${what} ${times.length}`).join(', ') || 'never struck'}`,
    `  repeated because of ${figures.reasons.map(([why, count]) => `${why} ${count}`).join(', ') || 'nothing'}`,
    ...violations.slice(0, SHOWN).map((violation) => `  VIOLATION ${violation}`),
    ...(violations.length > SHOWN ? [`  … and ${violations.length - SHOWN} more`] : []),
  ];
  return lines.join('\n');
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
