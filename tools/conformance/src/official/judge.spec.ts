import { describe, expect, it } from '@jest/globals';
import { judge } from './judge.ts';
import type { Check } from './suite.ts';

const passed = (id: string): Check => ({ id, status: 'SUCCESS' });
const failed = (id: string): Check => ({ id, status: 'FAILURE', errorMessage: 'No.' });
const wire = passed('wire-schema-valid');

const judged = (checks: Check[], expected: Record<string, string> = {}) =>
  judge([{ scenario: 'ping', checks }], new Map(Object.entries(expected)));

describe('judge', () => {
  it('finds nothing in a scenario that passes', () => {
    expect(judged([passed('a'), wire, { id: 'b', status: 'SKIPPED' }, { id: 'c', status: 'INFO' }])).toEqual({
      scenarios: 1,
      scenariosPassed: 1,
      checksPassed: 1,
      checksSkipped: 1,
      findings: [],
      stale: [],
    });
  });

  it('finds a check that failed, once', () => {
    const { findings, scenariosPassed, checksPassed } = judged([passed('a'), failed('b'), failed('b')]);
    expect(findings).toEqual([{ subject: 'ping:b', kind: 'failed', message: 'No.' }]);
    expect([scenariosPassed, checksPassed]).toEqual([0, 1]);
  });

  it.each(['ping', 'ping:b'])('knows the reason of what is expected as %s', (entry) => {
    const { findings, stale } = judged([passed('a'), failed('b')], { [entry]: 'Because.' });
    expect(findings).toEqual([expect.objectContaining({ expected: { entry, reason: 'Because.' } })]);
    expect(stale).toEqual([]);
  });

  it('expects no other check to fail than the one that is named', () => {
    const { findings } = judged([failed('a'), failed('b')], { 'ping:b': 'Because.' });
    expect(findings.filter(({ expected }) => !expected)).toEqual([
      expect.objectContaining({ subject: 'ping:a' }),
    ]);
  });

  it('never expects what the schema does not allow, if not by name', () => {
    const checks = [failed('b'), failed('wire-schema-valid')];
    const unexpected = (entries: Record<string, string>) =>
      judged(checks, entries).findings.filter(({ expected }) => !expected);
    expect(unexpected({ ping: 'Because.' })).toHaveLength(1);
    expect(unexpected({ ping: 'Because.', 'ping:wire-schema-valid': 'Because.' })).toEqual([]);
  });

  it.each([
    ['a check passes', [passed('b')], 'ping:b'],
    ['the whole scenario passes', [passed('b')], 'ping'],
    ['the check is not there', [failed('c')], 'ping:b'],
    ['the scenario is not there', [failed('c')], 'pong'],
  ])('calls an entry stale when %s', (_when, checks, entry) => {
    expect(judged(checks, { [entry]: 'Because.' }).stale).toEqual([entry]);
  });

  it.each<[string, Check[], string]>([
    ['checks nothing', [], 'It checks nothing.'],
    ['checks the schema only', [wire], 'It checks nothing.'],
    ['is skipped', [{ id: 'a', status: 'SKIPPED', errorMessage: 'Skipped.' }], 'Skipped.'],
    ['only tells', [{ id: 'a', status: 'INFO', details: { message: 'No session.' } }], 'No session.'],
    ['only warns', [{ id: 'a', status: 'WARNING', errorMessage: 'Hm.' }, wire], 'Hm.'],
  ])('takes no scenario for passed that %s', (_what, checks, message) => {
    const { findings, scenariosPassed } = judged(checks);
    expect(findings).toEqual([{ subject: 'ping', kind: 'vacuous', message }]);
    expect(scenariosPassed).toBe(0);
  });

  it('takes no warning for passed', () => {
    const { findings } = judged([passed('a'), { id: 'b', status: 'WARNING', errorMessage: 'Hm.' }]);
    expect(findings).toEqual([{ subject: 'ping:b', kind: 'vacuous', message: 'Hm.' }]);
  });

  it('takes no refusal for a result, but where an error is wanted', () => {
    const refusal = { status: 'SUCCESS', details: { result: { isError: true } } } as const;
    expect(judged([passed('a'), { id: 'b', ...refusal }]).findings).toEqual([
      expect.objectContaining({ subject: 'ping:b', kind: 'vacuous' }),
    ]);
    expect(judged([{ id: 'tools-call-error', ...refusal }])).toMatchObject({ checksPassed: 1, findings: [] });
  });
});
