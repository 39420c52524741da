import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { sharedError } from '@gantry/errors';
import { hang } from '../test/fixtures.ts';
import { timedOut } from './failures.ts';
import { TimeLimit } from './time-limit.ts';

function limitOf(milliseconds: number, outer?: AbortSignal): TimeLimit {
  return new TimeLimit(milliseconds, () => timedOut('payments'), outer);
}

describe('TimeLimit', () => {
  it('passes on what the work gives, in time', async () => {
    const limit = limitOf(10_000);
    await expect(limit.bound(async () => 7)).resolves.toBe(7);
    await expect(limit.bound(() => Promise.reject(new TypeError('boom')))).rejects.toThrow('boom');
    limit.end();
  });

  it('leaves work behind that does not stop in time', async () => {
    await expect(limitOf(5).bound(hang)).rejects.toMatchObject({ code: 'timeout', retryAfterSeconds: 1 });
  });

  it('says that the time is up, whatever the work rejects with when its signal is aborted', async () => {
    const limit = limitOf(5);
    const work = () => sleep(10_000, undefined, { signal: limit.signal });
    await expect(limit.bound(work)).rejects.toMatchObject({ code: 'timeout' });
  });

  it('does not begin work when the time is up', async () => {
    const limit = limitOf(1);
    await sleep(10);
    let hasBegun = false;
    await expect(limit.bound(async () => (hasBegun = true))).rejects.toMatchObject({ code: 'timeout' });
    expect(hasBegun).toBe(false);
  });

  it('ends with the signal it follows, for that reason', async () => {
    const caller = new AbortController();
    const limit = limitOf(10_000, caller.signal);
    const work = limit.bound(hang);
    caller.abort(sharedError('timeout', 'get_order did not finish within 5000 ms.'));
    await expect(work).rejects.toBe(caller.signal.reason);
    limit.end();
  });

  it('calls a foreign reason a cancellation, also one from before', async () => {
    const limit = limitOf(10_000, AbortSignal.abort('client closed the connection'));
    await expect(limit.bound(hang)).rejects.toMatchObject({
      code: 'cancelled',
      cause: 'client closed the connection',
    });
    limit.end();
  });

  it('stays quiet once it has ended', async () => {
    const caller = new AbortController();
    const limit = limitOf(1, caller.signal);
    limit.end();
    caller.abort();
    await sleep(10);
    expect(limit.signal.aborted).toBe(false);
  });
});
