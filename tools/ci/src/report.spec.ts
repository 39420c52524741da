import { describe, expect, it } from '@jest/globals';
import { report } from './report.ts';

const totals = { passed: 40, failed: 0, skipped: 0, failedTasks: [] };
const container = 'Postgres: container postgres:18 (Docker answers)';

describe('report', () => {
  it('ends with the line that build machines read', () => {
    expect(report({ targets: ['test'], totals, exitCode: 0, postgres: container })).toMatch(
      /\n40 passed, 0 failed\n$/,
    );
  });

  it('never hides a failed exit behind a count of zero', () => {
    expect(report({ targets: ['test'], totals, exitCode: 1, postgres: container })).toMatch(
      /\n40 passed, 1 failed\n$/,
    );
  });

  it('says what was not covered, and why', () => {
    const text = report({
      targets: ['test'],
      totals: { ...totals, skipped: 2 },
      exitCode: 0,
      postgres: 'Postgres: embedded server (no Docker answers)',
    });
    expect(text).toContain('no Docker answers');
    expect(text).toMatch(
      /Not covered:\n {2}containers: .*embedded Postgres 18.*\n {2}.*make test-e2e\n {2}2 tests/,
    );
  });

  it('does not speak of containers where they were used, nor of what was run', () => {
    const text = report({ targets: ['test', 'test-e2e'], totals, exitCode: 0, postgres: container });
    expect(text).not.toContain('Not covered');
  });

  it('lists the tasks that failed', () => {
    const failed = { ...totals, failed: 1, failedTasks: ['auth:lint'] };
    expect(report({ targets: ['lint'], totals: failed, exitCode: 1, postgres: undefined })).toContain(
      'Failed:\n  auth:lint',
    );
  });
});
