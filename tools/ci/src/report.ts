import type { Totals } from './totals.ts';

/** What a run was. */
export interface Run {
  readonly targets: readonly string[];
  readonly totals: Totals;
  readonly exitCode: number;
  /** One line that says which Postgres the tests ran against; undefined if none was started. */
  readonly postgres: string | undefined;
}

/**
 * The end of a run: what failed, what was not covered, and the closing line `N passed, N failed` that
 * build machines read.
 */
export function report({ targets, totals, exitCode, postgres }: Run): string {
  // A run that failed has a failure, whatever its output looked like.
  const failed = Math.max(totals.failed, exitCode === 0 ? 0 : 1);
  const gaps = notCovered(targets, totals, postgres);
  return [
    '',
    ...(postgres === undefined ? [] : [postgres]),
    ...(totals.failedTasks.length > 0 ? ['Failed:', ...totals.failedTasks.map((task) => `  ${task}`)] : []),
    ...(gaps.length > 0 ? ['Not covered:', ...gaps.map((gap) => `  ${gap}`)] : []),
    '',
    `${totals.passed} passed, ${failed} failed`,
    '',
  ].join('\n');
}

function notCovered(targets: readonly string[], { skipped }: Totals, postgres: string | undefined): string[] {
  const gaps: string[] = [];
  if (!targets.includes('test')) return gaps;
  if (postgres?.startsWith('Postgres: embedded')) {
    gaps.push(
      'containers: integration tests ran on the embedded Postgres 18, not on a server in a container',
    );
  }
  if (!targets.includes('test-e2e')) gaps.push('the running stack, end to end: make test-e2e');
  if (skipped > 0) gaps.push(`${skipped} tests that were skipped`);
  return gaps;
}
