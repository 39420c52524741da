import { describe, expect, it } from '@jest/globals';
import { BlockWatch } from './block-watch.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lag } from './fleet/probe.ts';
import { Score } from './score.ts';
import type { Input } from './wire/input.ts';

const input = (what: string): Input => ({ family: 'f', what, headers: [], body: '' });
const now = () => performance.timeOrigin + performance.now();

describe('BlockWatch', () => {
  it('finds a loop that was blocked, and what was under way then', async () => {
    const lags: Lag[] = [];
    const saved: string[] = [];
    const score = new Score(({ what }) => (saved.push(what), 'script'));
    const watch = new BlockWatch({ lags }, score, 100);
    watch.begin(input('before')).end();
    await sleep(50);
    const culprit = watch.begin(input('culprit'));
    lags.push({ at: now() + 1, lateMs: 20, ownMs: 250 });
    culprit.end();
    expect(score.findings).toMatchObject([
      { kind: 'blocked', what: '250 ms; under way: f: culprit', script: 'script' },
    ]);
    expect(saved).toEqual(['culprit']);
  });

  it('does not blame a service for a machine that is busy, nor for its start', () => {
    const lags: Lag[] = [{ at: now(), lateMs: 900, ownMs: 900 }];
    const score = new Score(() => '');
    const watch = new BlockWatch({ lags }, score, 100);
    lags.push({ at: now(), lateMs: 900, ownMs: 20 });
    watch.check();
    expect(score.violations).toBe(0);
  });
});
