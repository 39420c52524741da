import type { Check } from './check.ts';

/** In the order of the closing line. */
const RESULTS = ['passed', 'failed', 'not met', 'not checked'] as const;

/** The table that a scan ends with, then every finding, then one line to go by. */
export function report(checks: readonly Check[]): string {
  const names = Math.max(...checks.map(({ name }) => name.length));
  const results = Math.max(...RESULTS.map((result) => result.length));
  const count = (wanted: Check['result']) => checks.filter(({ result }) => result === wanted).length;
  return [
    '',
    ...checks.map(({ name, result, summary }) =>
      `${name.padEnd(names)}  ${result.padEnd(results)}  ${summary}`.trimEnd(),
    ),
    ...checks
      .filter(({ findings }) => findings.length > 0)
      .flatMap(({ name, findings }) => ['', `${name}:`, ...findings.map((finding) => `  ${finding}`)]),
    '',
    RESULTS.map((result) => `${count(result)} ${result}`).join(', '),
    '',
  ].join('\n');
}
