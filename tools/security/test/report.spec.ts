import { describe, expect, it } from '@jest/globals';
import { checked, notChecked, notMet } from '../src/check.ts';
import { report } from '../src/report.ts';

describe('report', () => {
  it('is a table, the findings, and a count that hides nothing', () => {
    const checks = [
      checked('Licences', '12 packages', []),
      checked('Secrets', '3 files', ['a.ts:1: found a key']),
      notMet('Images', 'by name'),
      notChecked('History', 'no scanner'),
    ];
    expect(report(checks)).toBe(
      [
        '',
        'Licences  passed       12 packages',
        'Secrets   failed       3 files',
        'Images    not met      by name',
        'History   not checked  no scanner',
        '',
        'Secrets:',
        '  a.ts:1: found a key',
        '',
        '1 passed, 1 failed, 1 not met, 1 not checked',
        '',
      ].join('\n'),
    );
  });
});
