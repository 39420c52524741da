import type { Row } from './report.ts';

/** How many violations of a fault are shown; the file has them all. */
const SHOWN = 20;

const seconds = (milliseconds: number) => `${(milliseconds / 1_000).toFixed(1)} s`;
const listed = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts)
    .map(([what, count]) => `${what} ${count}`)
    .join(', ');

/** The head of the table, then one line for each fault. */
export function table(rows: readonly Row[]): readonly (readonly string[])[] {
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
  const lines = rows.map((row) => [
    row.fault,
    `${row.strikes}`,
    `${row.calls}`,
    `${row.acknowledged}`,
    `${row.repeated}`,
    `${row.unanswered}`,
    `${row.violations.length}`,
    seconds(row.tookMs),
    seconds(row.recoveredMs),
    [row.p50Ms, row.p99Ms, row.maxMs].map((duration) => duration.toFixed(0)).join(' / '),
  ]);
  return [head, ...lines];
}

/** What a fault hit, why calls were repeated, and what went wrong. */
export function details({ fault, hits, reasons, violations, isFelt }: Row): string {
  return [
    `${fault}: ${listed(hits) || 'never struck'}`,
    `  repeated because of ${listed(reasons) || 'nothing'}`,
    ...(isFelt ? [] : ['  NOT FELT by any client: this has shown nothing']),
    ...violations.slice(0, SHOWN).map((violation) => `  VIOLATION ${violation}`),
    ...(violations.length > SHOWN ? [`  … and ${violations.length - SHOWN} more`] : []),
  ].join('\n');
}

/** For a terminal: names to the left, figures to the right. */
export function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
        .join('  '),
    )
    .join('\n');
}
