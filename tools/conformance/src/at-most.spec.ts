import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { atMost } from './at-most.ts';

describe('atMost', () => {
  it('works on so many at once, and keeps the order', async () => {
    let running = 0;
    let most = 0;
    const results = await atMost(2, [30, 10, 20, 5], async (ms) => {
      most = Math.max(most, ++running);
      await sleep(ms);
      running--;
      return ms;
    });
    expect(results).toEqual([30, 10, 20, 5]);
    expect(most).toBe(2);
  });

  it('rejects with what went wrong', async () => {
    await expect(atMost(2, [1], () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
