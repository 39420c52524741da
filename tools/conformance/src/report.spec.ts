import { describe, expect, it } from '@jest/globals';
import type { Finding } from './official/judge.ts';
import { authTable, details, isGood, table, type OfficialOutcome, type Report } from './report.ts';

function official(different: Partial<OfficialOutcome> = {}): OfficialOutcome {
  return {
    suite: 'services',
    server: 'records',
    revision: '2026-07-28',
    scenarios: 3,
    scenariosPassed: 2,
    checksPassed: 7,
    checksSkipped: 1,
    findings: [],
    stale: [],
    ...different,
  };
}

const unexpected: Finding = { subject: 'ping:a', kind: 'failed', message: 'No answer.' };
const expected: Finding = { ...unexpected, expected: { entry: 'ping', reason: 'Because.' } };
const vacuous: Finding = { ...expected, subject: 'pong', kind: 'vacuous' };
const ok = { name: '401: no token', reference: 'RFC 6750' };
const notOk = { ...ok, problem: 'HTTP 200' };

const report = (...outcomes: OfficialOutcome[]): Report => ({ official: outcomes, auth: [] });
const authReport = (...checks: (typeof ok)[]): Report => ({
  official: [],
  auth: [{ server: 'records', checks }],
});

describe('isGood', () => {
  it.each<[string, Report, boolean]>([
    ['all passes', report(official()), true],
    ['what fails was expected', report(official({ findings: [expected, vacuous] })), true],
    ['something else failed', report(official(), official({ findings: [expected, unexpected] })), false],
    ['an expected failure passes', report(official({ stale: ['ping'] })), false],
    ['our own checks pass', authReport(ok), true],
    ['one of our own checks failed', authReport(ok, notOk), false],
  ])('%s', (_what, given, good) => {
    expect(isGood(given)).toBe(good);
  });
});

describe('table', () => {
  it('counts what was expected, vacuous, unexpected and stale apart', () => {
    const findings = [unexpected, expected, expected, vacuous];
    const lines = table({
      official: [official({ findings, stale: ['x', 'y', 'z'] })],
      auth: [{ server: 'records', checks: [ok, notOk] }],
    }).split('\n');
    expect(lines[0]!.split(/ {2,}/)).toEqual([
      'suite',
      'revision',
      'server',
      'scenarios passed',
      'checks passed',
      'FAILED',
      'expected',
      'vacuous',
      'skipped',
      'STALE',
    ]);
    expect(lines[1]!.split(/ {2,}/)).toEqual('services|2026-07-28|records|2 of 3|7|1|2|1|1|3'.split('|'));
    expect(lines[2]!.split(/ {2,}/)).toEqual(['auth', 'both', 'records', '1', '1']);
  });
});

describe('authTable', () => {
  it('has a line for each check and a column for each service', () => {
    const auth = [
      { server: 'records', checks: [ok] },
      { server: 'orders', checks: [notOk] },
    ];
    expect(authTable({ official: [], auth })).toBe(
      ['check          reference  records  orders', '401: no token  RFC 6750        ok  FAILED'].join('\n'),
    );
    expect(authTable(report())).toBe('');
  });
});

describe('details', () => {
  it('tells together what has the same reason, and where', () => {
    const other: Finding = { ...expected, expected: { entry: 'pong:b', reason: 'Because.' } };
    const given = report(
      official({ findings: [expected, other] }),
      official({ server: 'orders', findings: [expected] }),
    );
    expect(details(given)).toBe(
      'expected  Because.\n          ping, pong:b (records 2026-07-28, orders 2026-07-28)',
    );
  });

  it('names what failed, what proves nothing and what is stale', () => {
    const given = report(
      official({ findings: [unexpected, vacuous, { ...unexpected, kind: 'vacuous' }], stale: ['pong'] }),
    );
    expect(details({ ...given, auth: authReport(ok, notOk).auth }).split('\n')).toEqual([
      'FAILED    No answer.',
      '          ping:a (records 2026-07-28)',
      'vacuous   Because.',
      '          ping (records 2026-07-28)',
      'FAILED    It proves nothing. No answer.',
      '          ping:a (records 2026-07-28)',
      'STALE     It does not fail any more: take it out of expected-failures.',
      '          pong (records 2026-07-28)',
      'FAILED    HTTP 200',
      '          401: no token (records)',
    ]);
  });
});
