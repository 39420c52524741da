import { sharedError } from '@gantry/errors';
import { describe, expect, it } from '@jest/globals';
import { waitWhileInFlight } from './wait-while-in-flight.ts';

const never = new AbortController().signal;

const inFlight = sharedError('idempotency_in_flight', 'Somebody else is at it.');

/** Attempts of which the first ones find somebody else at it. */
function attempts(busy: number, last: () => Promise<string> = () => Promise.resolve('ended')) {
  let made = 0;
  return {
    made: () => made,
    attempt: () => (++made > busy ? last() : Promise.reject(inFlight)),
  };
}

describe('waitWhileInFlight', () => {
  it('tries once if nobody else is at it', async () => {
    const { attempt, made } = attempts(0);
    expect(await waitWhileInFlight(attempt, never)).toBe('ended');
    expect(made()).toBe(1);
  });

  it('tries again until nobody else is at it', async () => {
    const { attempt, made } = attempts(2);
    expect(await waitWhileInFlight(attempt, never)).toBe('ended');
    expect(made()).toBe(3);
  });

  it('tries no more after any other failure', async () => {
    const { attempt, made } = attempts(1, () => Promise.reject(new Error('broken')));
    await expect(waitWhileInFlight(attempt, never)).rejects.toThrow('broken');
    expect(made()).toBe(2);
  });

  it('says in the end that somebody else is still at it', async () => {
    const { attempt, made } = attempts(Infinity);
    await expect(waitWhileInFlight(attempt, never)).rejects.toBe(inFlight);
    expect(made()).toBeGreaterThan(1);
  });

  it('ends with the call', async () => {
    const call = new AbortController();
    const { attempt, made } = attempts(Infinity);
    const waiting = waitWhileInFlight(attempt, call.signal);
    call.abort();
    await expect(waiting).rejects.toThrow('aborted');
    expect(made()).toBe(1);
  });
});
