import { describe, expect, it } from '@jest/globals';
import { waitFor } from './wait-for.ts';

describe('waitFor', () => {
  it('asks until the answer is truthy, and gives it', async () => {
    const answers = [undefined, 0, '', 'there'];
    expect(await waitFor(() => answers.shift())).toBe('there');
  });

  it('takes an error for a no', async () => {
    let calls = 0;
    const flaky = async () => {
      calls += 1;
      if (calls < 3) throw new Error('not yet');
      return calls;
    };
    expect(await waitFor(flaky)).toBe(3);
  });

  it('gives up with the last error', async () => {
    const failing = waitFor(() => Promise.reject(new Error('still down')), 50);
    await expect(failing).rejects.toMatchObject({
      message: expect.stringContaining('50 ms'),
      cause: new Error('still down'),
    });
    await expect(waitFor(() => false, 0)).rejects.toMatchObject({ cause: undefined });
  });
});
