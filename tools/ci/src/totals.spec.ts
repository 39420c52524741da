import { describe, expect, it } from '@jest/globals';
import { totalsOf } from './totals.ts';

describe('totalsOf', () => {
  it('adds up the summaries of all projects, coloured or not', () => {
    const output = [
      '> nx run errors:test',
      '\u001b[1mTests:       \u001b[22m\u001b[1m\u001b[32m33 passed\u001b[39m\u001b[22m, 33 total',
      '> nx run auth:test  [local cache]',
      'Tests:       1 failed, 2 skipped, 1 todo, 40 passed, 44 total',
      'Failed tasks:',
      '',
      '- auth:test',
      '',
      '  Run duration: 1s',
    ].join('\n');
    expect(totalsOf(output)).toEqual({ passed: 73, failed: 1, skipped: 3, failedTasks: ['auth:test'] });
  });

  it('counts lint, types, and a test run that failed without a failed test, as one failure each', () => {
    const output = [
      '> nx run auth:lint',
      '> nx run auth:test',
      'Jest: "global" coverage threshold for lines (90%) not met: 80%',
      'Tests:       40 passed, 40 total',
      'Failed tasks:',
      '',
      '- auth:lint',
      '- auth:test',
    ].join('\r\n');
    expect(totalsOf(output)).toMatchObject({
      passed: 40,
      failed: 2,
      failedTasks: ['auth:lint', 'auth:test'],
    });
  });

  it('finds nothing in a run that printed nothing', () => {
    expect(totalsOf('')).toEqual({ passed: 0, failed: 0, skipped: 0, failedTasks: [] });
  });
});
