import { describe, expect, it } from '@jest/globals';
import { sharedError } from '@gantry/errors';
import { timedOut } from './failures.ts';
import { Retries } from './retries.ts';
import { RetryBudget } from './retry-budget.ts';
import { TimeLimit } from './time-limit.ts';

interface Setup {
  attempts?: number;
  firstMs?: number;
  burst?: number;
  milliseconds?: number;
  caller?: AbortSignal;
  mayRepeat?: (error: unknown) => boolean;
}

/** Runs an attempt that fails until `failures` are used up; gives the numbers of the attempts that were made. */
async function repeat(failures: Error[], setup: Setup = {}) {
  const {
    attempts = 3,
    firstMs = 1,
    burst = 10,
    milliseconds = 10_000,
    caller,
    mayRepeat = () => true,
  } = setup;
  const limit = new TimeLimit(milliseconds, () => timedOut('payments'), caller);
  const made: number[] = [];
  let withheld = 0;
  const budget = new RetryBudget({ ratio: 0, burst });
  const retries = new Retries({ attempts, firstMs, maxMs: firstMs }, budget, () => (withheld += 1));
  const attempt = async (number: number) => {
    made.push(number);
    const error = failures[number - 1];
    if (error) throw error;
    return 'answer';
  };
  const settled = await retries.run(attempt, limit, mayRepeat).catch((error: unknown) => error);
  limit.end();
  return { made, settled, withheld };
}

const first = new Error('first');
const second = new Error('second');

describe('Retries', () => {
  it('repeats until it works', async () => {
    expect(await repeat([first, second])).toEqual({ made: [1, 2, 3], settled: 'answer', withheld: 0 });
  });

  it('makes so many attempts and no more, and throws the last error', async () => {
    const { made, settled } = await repeat([first, second, first], { attempts: 2 });
    expect(made).toEqual([1, 2]);
    expect(settled).toBe(second);
  });

  it('repeats only what may be repeated', async () => {
    const { made, settled } = await repeat([first, second], { mayRepeat: (error) => error === first });
    expect(made).toEqual([1, 2]);
    expect(settled).toBe(second);
  });

  it('stops when the budget is gone', async () => {
    const { made, settled, withheld } = await repeat([first, second], { burst: 1 });
    expect(made).toEqual([1, 2]);
    expect(settled).toBe(second);
    expect(withheld).toBe(1);
  });

  it('does not wait for a retry that would come too late', async () => {
    const busy = sharedError('dependency_unavailable', 'Come back later.', { retryAfterSeconds: 30 });
    expect(await repeat([busy])).toMatchObject({ made: [1], settled: busy });
  });

  it('waits as long as the dependency asks for', async () => {
    const busy = sharedError('dependency_unavailable', 'Come back later.', { retryAfterSeconds: 0.05 });
    const startedAt = performance.now();
    expect(await repeat([busy])).toMatchObject({ made: [1, 2], settled: 'answer' });
    expect(performance.now() - startedAt).toBeGreaterThan(45);
  });

  it('ends its pause with the call', async () => {
    const caller = new AbortController();
    const repeated = repeat([first], {
      firstMs: 60_000,
      milliseconds: 2_000_000,
      caller: caller.signal,
    });
    setImmediate(() => caller.abort());
    expect(await repeated).toMatchObject({ made: [1], settled: { code: 'cancelled' } });
  });
});
