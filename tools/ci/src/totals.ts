import { stripVTControlCharacters } from 'node:util';

/** What a run of many test processes adds up to. */
export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Tasks that failed, as `project:target`. */
  readonly failedTasks: readonly string[];
}

/** A jest summary line, such as `Tests:       1 failed, 2 skipped, 33 passed, 36 total`. */
const SUMMARY = /^Tests:\s+(?<counts>.*\d+ total)$/;

/**
 * Reads the totals from what Nx printed: jest's summaries, live or replayed from the cache, and the list of
 * failed tasks. A failed task that is not a run of tests, and a run that died before it had failed tests to
 * report, counts as one failure.
 */
export function totalsOf(output: string): Totals {
  const lines = output.split(/\r?\n/).map((line) => stripVTControlCharacters(line).trim());
  const totals = { passed: 0, failed: 0, skipped: 0 };
  const projectsWithFailedTests = new Set<string>();
  let project = '';
  for (const line of lines) {
    project = /^> nx run (?<project>[^:]+):/.exec(line)?.groups?.['project'] ?? project;
    const counts = SUMMARY.exec(line)?.groups?.['counts'];
    if (counts === undefined) continue;
    totals.passed += countOf(counts, 'passed');
    totals.skipped += countOf(counts, 'skipped') + countOf(counts, 'todo');
    const failed = countOf(counts, 'failed');
    totals.failed += failed;
    if (failed > 0) projectsWithFailedTests.add(project);
  }
  const failedTasks = failedTasksIn(lines);
  const counted = (task: string) =>
    /:test/.test(task) && projectsWithFailedTests.has(task.split(':')[0] ?? '');
  totals.failed += failedTasks.filter((task) => !counted(task)).length;
  return { ...totals, failedTasks };
}

function countOf(counts: string, kind: string): number {
  return Number(new RegExp(`(\\d+) ${kind}`).exec(counts)?.[1] ?? 0);
}

/** The list items behind the heading `Failed tasks:`. */
function failedTasksIn(lines: readonly string[]): string[] {
  const start = lines.lastIndexOf('Failed tasks:');
  if (start === -1) return [];
  const rest = lines.slice(start + 1).filter((line) => line !== '');
  const end = rest.findIndex((line) => !line.startsWith('- '));
  return rest.slice(0, end === -1 ? undefined : end).map((line) => line.slice(2));
}
