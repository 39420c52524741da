import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, jest } from '@jest/globals';
import { sharedError, type GantryError } from '@gantry/errors';
import { testCall } from '@gantry/testing';
import { dependencyWith, hang, networkError, settle } from '../test/fixtures.ts';
import type { Attempt } from './dependency.ts';

const safe = { idempotent: true };

/** Work that fails in these ways, one after the other, and then answers. */
function failing(...errors: unknown[]) {
  return jest.fn(async ({ number }: Attempt) => {
    if (number <= errors.length) throw errors[number - 1];
    return `answer to attempt ${number}`;
  });
}

describe('what is repeated', () => {
  it('is a failed attempt of an idempotent call', async () => {
    const { dependency, metrics } = dependencyWith();
    const work = failing(networkError(), sharedError('dependency_unavailable', '503'));
    await expect(dependency.run(work, safe)).resolves.toBe('answer to attempt 3');
    expect(await metrics()).toContain('mcp_dependency_retries_total{dependency="payments"} 2');
  });

  it('is never a call that is not said to be idempotent', async () => {
    const { dependency } = dependencyWith();
    const work = failing(networkError());
    await expect(dependency.run(work)).rejects.toMatchObject({ code: 'dependency_unavailable' });
    expect(work).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['an answer that stays the same', sharedError('not_found', 'No such payment.')],
    ['a bug', new TypeError('x is not a function')],
  ])('is never %s', async (_, error) => {
    const { dependency } = dependencyWith();
    const work = failing(error);
    await expect(dependency.run(work, safe)).rejects.toBe(error);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('is what the options say', async () => {
    class ProviderBusy extends Error {}
    const { dependency } = dependencyWith({ isRetryable: (error) => error instanceof ProviderBusy });
    await expect(dependency.run(failing(new ProviderBusy()), safe)).resolves.toBe('answer to attempt 2');
    const foreign = failing(networkError());
    await expect(dependency.run(foreign, safe)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(foreign).toHaveBeenCalledTimes(1);
  });

  it('is an attempt that took too long', async () => {
    // Less than the second that a caller is told to wait.
    const { dependency } = dependencyWith({ attemptMs: 10, deadlineMs: 900 });
    const work = jest.fn(({ number }: Attempt) => (number === 1 ? hang() : Promise.resolve('answer')));
    await expect(dependency.run(work, safe)).resolves.toBe('answer');
  });

  it('stops when the breaker opens, with the error that opened it', async () => {
    const { dependency } = dependencyWith({ breaker: { opensAfter: { failuresInARow: 2 } }, attempts: 5 });
    const lost = networkError('ECONNRESET');
    const work = failing(networkError(), lost);
    await expect(dependency.run(work, safe)).rejects.toMatchObject({
      message: 'payments is not available.',
      cause: lost,
    });
    expect(work).toHaveBeenCalledTimes(2);
  });
});

describe('what a caller is told', () => {
  it('is that the dependency is away, without how it was reached', async () => {
    const { dependency } = dependencyWith();
    const error = (await dependency
      .run(failing(networkError()))
      .catch((thrown: unknown) => thrown)) as GantryError;
    expect(error.toEnvelope()).toMatchObject({
      code: 'dependency_unavailable',
      retryable: true,
      retry_after_seconds: 1,
    });
    expect(JSON.stringify(error.toEnvelope())).not.toContain('10.0.0.7');
  });

  it('is that the budget is gone, in the same words', async () => {
    const { dependency, metrics } = dependencyWith({ retryBudget: { burst: 0 } });
    const work = failing(networkError());
    await expect(dependency.run(work, safe)).rejects.toMatchObject({
      code: 'dependency_unavailable',
      retryAfterSeconds: 1,
    });
    expect(work).toHaveBeenCalledTimes(1);
    expect(await metrics()).toContain('mcp_dependency_retry_budget_exhausted_total{dependency="payments"} 1');
  });

  it('is what the work says, if it has the words', async () => {
    const { dependency } = dependencyWith();
    const busy = sharedError('rate_limited', 'The provider is busy.', { retryAfterSeconds: 60 });
    await expect(dependency.run(failing(busy), safe)).rejects.toBe(busy);
  });
});

describe('a call', () => {
  it('ends with the deadline of its caller, at the latest', async () => {
    const { dependency } = dependencyWith();
    const call = testCall({ deadline: performance.now() + 200 });
    let attempt: Attempt | undefined;
    const work = (now: Attempt) => ((attempt = now), hang());
    await expect(dependency.run(work, { within: call })).rejects.toMatchObject({
      code: 'timeout',
      retryAfterSeconds: 1,
    });
    expect(attempt!.deadline).toBeLessThanOrEqual(call.deadline + 1);
    expect(attempt!.signal.aborted).toBe(true);
  });

  it('is not begun when the deadline has passed, nor when the caller has gone', async () => {
    const { dependency } = dependencyWith();
    const work = failing();
    const late = { within: { deadline: performance.now() - 1 } };
    await expect(dependency.run(work, late)).rejects.toMatchObject({ code: 'timeout' });
    const gone = { within: { signal: AbortSignal.abort() } };
    await expect(dependency.run(work, gone)).rejects.toMatchObject({ code: 'cancelled' });
    expect(work).not.toHaveBeenCalled();
  });

  it('ends with its caller, for the reason the caller had', async () => {
    const { dependency } = dependencyWith();
    const caller = new AbortController();
    const reason = sharedError('cancelled', 'The service is shutting down.');
    const running = dependency.run(hang, { within: { signal: caller.signal } });
    setImmediate(() => caller.abort(reason));
    await expect(running).rejects.toBe(reason);
  });

  it('stops waiting for a place when its time is up', async () => {
    const { dependency } = dependencyWith({ bulkhead: { concurrent: 1, queued: 1 } });
    void dependency.run(hang).catch(() => {});
    await settle();
    const waiting = dependency.run(failing(), { within: { deadline: performance.now() + 200 } });
    await settle();
    expect(dependency.state()).toMatchObject({ in_use: 1, queued: 1 });
    await expect(waiting).rejects.toMatchObject({ code: 'timeout' });
    expect(dependency.state()).toMatchObject({ in_use: 1, queued: 0 });
  });

  it('finds the place of the one before it free, without a queue', async () => {
    const { dependency } = dependencyWith({ bulkhead: { concurrent: 1, queued: 0 } });
    for (let calls = 0; calls < 5; calls += 1) await dependency.run(failing());
    await expect(dependency.run(failing(new TypeError('boom')))).rejects.toThrow('boom');
    await dependency.run(failing());
  });

  it('keeps its place until the work really ends, also when it ignored its signal', async () => {
    const { dependency } = dependencyWith({ attemptMs: 5, bulkhead: { concurrent: 1, queued: 0 } });
    let finish!: (answer: string) => void;
    const stubborn = () => new Promise<string>((resolve) => (finish = resolve));
    await expect(dependency.run(stubborn)).rejects.toMatchObject({ code: 'timeout' });
    await expect(dependency.run(failing())).rejects.toMatchObject({ reason: 'bulkhead_full' });
    finish('too late');
    await settle();
    await dependency.run(failing());
  });

  it('gives its place back when the breaker opened while it waited', async () => {
    const { dependency } = dependencyWith({
      bulkhead: { concurrent: 1, queued: 1 },
      breaker: { opensAfter: { failuresInARow: 1 } },
    });
    let fail!: (error: Error) => void;
    const first = dependency.run(() => new Promise((_, reject) => (fail = reject)));
    await settle();
    const work = failing();
    const waiting = dependency.run(work);
    await settle();
    fail(networkError());
    await expect(first).rejects.toMatchObject({ code: 'dependency_unavailable' });
    await expect(waiting).rejects.toMatchObject({ reason: 'breaker_open' });
    expect(work).not.toHaveBeenCalled();
    expect(dependency.state()).toEqual({ breaker: 'open', in_use: 0, queued: 0 });
  });

  it('takes work that throws before it waits like any other failure', async () => {
    const { dependency } = dependencyWith();
    const work = () => {
      throw networkError();
    };
    await expect(dependency.run(work)).rejects.toMatchObject({ code: 'dependency_unavailable' });
    await sleep(0);
    expect(dependency.state()).toMatchObject({ in_use: 0 });
  });
});

describe('the breaker', () => {
  const options = { breaker: { opensAfter: { failuresInARow: 2 }, openMs: 60_000 } };

  it.each([
    ['the network fails', () => Promise.reject(networkError())],
    ['the dependency says that it failed', () => Promise.reject(sharedError('internal_error', '500'))],
    ['time runs out', hang],
  ])('opens when %s', async (_, work) => {
    const { dependency } = dependencyWith({ ...options, attemptMs: 5 });
    for (let calls = 0; calls < 2; calls += 1) await dependency.run(work).catch(() => {});
    expect(dependency.state().breaker).toBe('open');
  });

  it.each([
    ['the dependency says no', () => Promise.reject(sharedError('rate_limited', '429'))],
    ['our own code fails', () => Promise.reject(new TypeError('boom'))],
  ])('stays closed when %s', async (_, work) => {
    const { dependency } = dependencyWith(options);
    for (let calls = 0; calls < 10; calls += 1) await dependency.run(work).catch(() => {});
    expect(dependency.state().breaker).toBe('closed');
  });

  it('refuses before a place is waited for', async () => {
    const { dependency } = dependencyWith({
      attemptMs: 5,
      bulkhead: { concurrent: 1, queued: 5 },
      breaker: { opensAfter: { failuresInARow: 1 } },
    });
    await expect(dependency.run(hang)).rejects.toMatchObject({ code: 'timeout' });
    expect(dependency.state()).toEqual({ breaker: 'open', in_use: 1, queued: 0 });
    await expect(dependency.run(failing())).rejects.toMatchObject({ reason: 'breaker_open' });
  });

  it('does not let a call try whose caller has gone', async () => {
    const { dependency } = dependencyWith({ breaker: { opensAfter: { failuresInARow: 1 }, openMs: 5 } });
    await dependency.run(failing(networkError())).catch(() => {});
    await sleep(10);
    const gone = { within: { signal: AbortSignal.abort() } };
    await expect(dependency.run(failing(), gone)).rejects.toMatchObject({ code: 'cancelled' });
    await expect(dependency.run(failing())).resolves.toBe('answer to attempt 1');
  });
});
