import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Pace } from './pace.ts';

describe('Pace', () => {
  let now = 0;
  const clock = () => jest.spyOn(performance, 'now').mockImplementation(() => now);
  const check = (pace: Pace, milliseconds: number) => pace.time(() => (now += milliseconds));
  afterEach(() => void jest.restoreAllMocks());

  it('lets others have their turn when it is time', async () => {
    clock();
    const pace = new Pace(new AbortController().signal);
    let others = false;
    setImmediate(() => (others = true));
    await pace.keep();
    expect(others).toBe(false);
    now += 20;
    await pace.keep();
    expect(others).toBe(true);
  });

  it('ends when the call is over', async () => {
    await expect(new Pace(AbortSignal.abort(new Error('over'))).keep()).rejects.toThrow('over');
  });

  it('ends when costly checks have used up their time, and does not count the others', () => {
    clock();
    const pace = new Pace(new AbortController().signal);
    for (let i = 0; i < 10_000; i++) check(pace, 1);
    for (let i = 0; i < 50; i++) check(pace, 100);
    expect(() => check(pace, 2)).toThrow(
      expect.objectContaining({ code: 'schema_too_costly', retryable: true }),
    );
  });
});
