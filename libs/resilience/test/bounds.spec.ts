import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { GantryError, sharedError } from '@gantry/errors';
import fc from 'fast-check';
import type { Attempt } from '../src/dependency.ts';
import { dependencyWith, hang, networkError } from './fixtures.ts';

/** What one attempt does. */
type Behaviour =
  'answer' | 'answer later' | 'fail' | 'fail later' | 'decline' | 'stop when told' | 'never stop';

const behaviours = fc.constantFrom<Behaviour[]>(
  'answer',
  'answer later',
  'fail',
  'fail later',
  'decline',
  'stop when told',
  'never stop',
);

async function behave(behaviour: Behaviour, { signal }: Attempt): Promise<string> {
  if (behaviour === 'never stop') return hang();
  if (behaviour === 'stop when told') await sleep(60_000, undefined, { signal });
  if (behaviour.endsWith('later')) await sleep(3);
  if (behaviour.startsWith('fail')) throw networkError();
  if (behaviour === 'decline') throw sharedError('not_found', 'No such payment.');
  return 'answer';
}

/** Breakers that stay closed, so that everything else is put to the test. */
const neverOpens = { opensAfter: { failuresInARow: 1_000_000 } };

describe('the bounds of a dependency', () => {
  it('a call is over when its time is up, whatever the dependency does', async () => {
    const plans = fc.array(behaviours, { minLength: 1, maxLength: 6 });
    const limits = fc.record({
      deadlineMs: fc.integer({ min: 1, max: 40 }),
      attemptMs: fc.integer({ min: 1, max: 40 }),
      callersMs: fc.integer({ min: -5, max: 40 }),
      cancelMs: fc.integer({ min: 1, max: 60 }),
      concurrent: fc.integer({ min: 1, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(plans, limits, fc.boolean(), async (plan, given, idempotent) => {
        const { deadlineMs, attemptMs, callersMs, cancelMs, concurrent } = given;
        const { dependency } = dependencyWith({
          deadlineMs,
          attemptMs,
          attempts: plan.length,
          bulkhead: { concurrent, queued: 2 },
        });
        const deadline = performance.now() + callersMs;
        const caller = new AbortController();
        const cancelTimer = setTimeout(() => caller.abort(), cancelMs);
        const calls = Array.from({ length: concurrent + 2 }, () =>
          dependency
            .run((attempt) => behave(plan[attempt.number - 1]!, attempt), {
              within: { signal: caller.signal, deadline },
              idempotent,
            })
            .then(
              () => 'answered',
              (error: unknown) => (error instanceof GantryError ? 'refused in our words' : error),
            ),
        );
        // What never stops takes for ever; seconds tell that apart from a busy machine.
        const late = sleep(5_000, 'not over yet', { ref: false });
        for (const settled of await Promise.all(calls.map((call) => Promise.race([call, late])))) {
          expect(['answered', 'refused in our words']).toContain(settled);
        }
        clearTimeout(cancelTimer);
      }),
      { numRuns: 60 },
    );
  });

  it('neither concurrency, nor the queue, nor the retry budget is ever exceeded', async () => {
    const plans = fc.array(fc.array(behaviours, { minLength: 3, maxLength: 3 }), {
      minLength: 1,
      maxLength: 30,
    });
    const limits = fc.record({
      concurrent: fc.integer({ min: 1, max: 5 }),
      queued: fc.nat(30),
      burst: fc.nat(5),
      ratio: fc.constantFrom(0, 0.2, 0.5),
    });
    await fc.assert(
      fc.asyncProperty(plans, limits, async (calls, { concurrent, queued, burst, ratio }) => {
        const { dependency } = dependencyWith({
          deadlineMs: 100,
          attemptMs: 5,
          breaker: neverOpens,
          bulkhead: { concurrent, queued },
          retryBudget: { burst, ratio },
        });
        const seen = { running: 0, mostRunning: 0, mostQueued: 0, calls: 0, retries: 0, overBudget: 0 };
        const run = (plan: Behaviour[]) => async (attempt: Attempt) => {
          if (attempt.number === 1) seen.calls += 1;
          else seen.retries += 1;
          if (seen.retries > burst + ratio * seen.calls + 1e-9) seen.overBudget += 1;
          seen.running += 1;
          seen.mostRunning = Math.max(seen.mostRunning, seen.running);
          seen.mostQueued = Math.max(seen.mostQueued, dependency.state().queued);
          try {
            return await behave(plan[attempt.number - 1]!, attempt);
          } finally {
            seen.running -= 1;
          }
        };
        await Promise.allSettled(calls.map((plan) => dependency.run(run(plan), { idempotent: true })));
        expect(seen.mostRunning).toBeLessThanOrEqual(concurrent);
        expect(seen.mostQueued).toBeLessThanOrEqual(queued);
        expect(seen.overBudget).toBe(0);
        // What never stops keeps its place; nobody else does.
        expect(dependency.state()).toMatchObject({ in_use: seen.running, queued: 0 });
      }),
      { numRuns: 60 },
    );
  });
});
