import { describe, expect, it } from '@jest/globals';
import { Score } from './score.ts';
import type { Input } from './wire/input.ts';

const input: Input = { family: 'fuzz', what: 'a', headers: [], body: '' };

describe('Score', () => {
  it('counts everything, and keeps one of those that are alike', () => {
    const score = new Score(() => 'script');
    for (const path of ['"a"', '"b"', '"c"'])
      score.add(input, {
        outcome: 'protocol',
        isUnavailable: true,
        violations: [{ fault: 'leak', what: `stack trace at ${path} after 12 ms` }],
      });
    score.add(input, { outcome: 'ok', isUnavailable: false, violations: [] });
    score.find('crash', 'ended with SIGSEGV', undefined, 'the process');
    expect(score).toMatchObject({
      inputs: 4,
      unavailable: 3,
      outcomes: { ok: 1, refused: 0, protocol: 3 },
      violations: 4,
    });
    expect(score.of('leak')).toBe(3);
    expect(score.of('memory')).toBe(0);
    expect(score.families).toEqual(new Map([['fuzz', 4]]));
    expect(score.findings).toEqual([
      { kind: 'leak', input: 'fuzz: a', what: 'stack trace at "a" after 12 ms', times: 3, script: 'script' },
      { kind: 'crash', input: 'the process', what: 'ended with SIGSEGV', times: 1 },
    ]);
  });
});
