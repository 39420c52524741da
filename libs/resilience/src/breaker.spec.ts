import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { GantryError, sharedError } from '@gantry/errors';
import { hang, networkError } from '../test/fixtures.ts';
import { Breaker, type BreakerState } from './breaker.ts';
import { isTransient } from './failures.ts';
import type { BreakerTrigger } from './options.ts';

const OPEN_MS = 10_000;

const succeed = async () => 'answer';
const fail = () => Promise.reject(networkError());
const decline = () => Promise.reject(sharedError('not_found', 'No such payment.'));
const cancel = () => Promise.reject(sharedError('cancelled', 'The caller has gone.'));

function breakerWith(opensAfter: BreakerTrigger = { failuresInARow: 3 }) {
  const changes: BreakerState[] = [];
  const isFailure = (error: unknown) => !(error instanceof GantryError) && isTransient(error);
  const onChange = (state: BreakerState) => void changes.push(state);
  const breaker = new Breaker('payments', { opensAfter, openMs: OPEN_MS, isFailure, onChange });
  const attempt = (...works: (() => Promise<string>)[]) =>
    works.reduce<Promise<unknown>>(
      (before, work) => before.then(() => breaker.run(work).catch(() => {})),
      Promise.resolve(),
    );
  return { breaker, attempt, changes };
}

function passMs(milliseconds: number): void {
  const now = Date.now();
  jest.spyOn(Date, 'now').mockReturnValue(now + milliseconds);
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('Breaker', () => {
  it('opens after so many failures in a row', async () => {
    const { breaker, attempt } = breakerWith();
    await attempt(fail, fail, succeed, fail, fail);
    expect(breaker.state).toBe('closed');
    await attempt(fail);
    expect(breaker.state).toBe('open');
  });

  it('opens when too many of the last attempts failed', async () => {
    const { breaker, attempt } = breakerWith({ failureShare: 0.5, ofLast: 4 });
    await attempt(fail, fail, fail);
    expect(breaker.state).toBe('closed');
    await attempt(succeed);
    expect(breaker.state).toBe('closed');
    await attempt(fail);
    expect(breaker.state).toBe('open');
  });

  it('takes an answer that says no for a sign of life', async () => {
    const { breaker, attempt } = breakerWith();
    await attempt(fail, fail, decline, fail, fail);
    expect(breaker.state).toBe('closed');
  });

  it('learns nothing from a call that was cancelled', async () => {
    const { breaker, attempt } = breakerWith();
    await attempt(fail, fail, cancel, cancel, fail);
    expect(breaker.state).toBe('open');
  });

  it('passes on what the work throws', async () => {
    const { breaker } = breakerWith();
    await expect(breaker.run(decline)).rejects.toMatchObject({ code: 'not_found' });
    await expect(breaker.run(fail)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('refuses without asking while it is open, and says how long', async () => {
    const { breaker, attempt } = breakerWith();
    await attempt(fail, fail, fail);
    passMs(6_500);
    const work = jest.fn(succeed);
    await expect(breaker.run(work)).rejects.toMatchObject({
      code: 'dependency_unavailable',
      reason: 'breaker_open',
      message: 'payments is not available at the moment.',
      retryAfterSeconds: 4,
    });
    expect(work).not.toHaveBeenCalled();
  });

  it('closes when a call gets through after that time', async () => {
    const { breaker, attempt, changes } = breakerWith();
    await attempt(fail, fail, fail);
    passMs(OPEN_MS);
    await expect(breaker.run(succeed)).resolves.toBe('answer');
    expect(changes).toEqual(['open', 'half_open', 'closed']);
    await attempt(fail, fail);
    expect(breaker.state).toBe('closed');
  });

  it('opens for another while when that call fails', async () => {
    const { breaker, attempt } = breakerWith();
    await attempt(fail, fail, fail);
    passMs(OPEN_MS);
    await attempt(fail);
    expect(breaker.state).toBe('open');
    await expect(breaker.run(succeed)).rejects.toMatchObject({ retryAfterSeconds: 10 });
  });

  it('is not closed by a call that proves nothing', async () => {
    const { breaker, attempt } = breakerWith();
    await attempt(fail, fail, fail);
    passMs(OPEN_MS);
    await attempt(cancel);
    expect(breaker.state).toBe('open');
  });

  it('lets a single call try, and refuses the others at once meanwhile', async () => {
    const { breaker, attempt } = breakerWith();
    await attempt(fail, fail, fail);
    passMs(OPEN_MS);
    void breaker.run(hang);
    expect(breaker.state).toBe('half_open');
    await expect(breaker.run(succeed)).rejects.toMatchObject({
      reason: 'breaker_open',
      retryAfterSeconds: 1,
    });
  });
});
