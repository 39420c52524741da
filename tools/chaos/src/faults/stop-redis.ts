import type { Fault } from './fault.ts';
import { wait } from './wait.ts';

/** Redis is gone, then it hangs, by turns: nothing depends on it that is not allowed to be wrong for a while. */
export const stopRedis: Fault = {
  name: 'redis',
  betweenMs: [200, 1_500],
  ways: 2,
  isPossible: ({ redis }) => redis !== undefined,
  async strike({ redis }, turn) {
    const isGone = turn % 2 === 0;
    if (isGone) redis!.stop();
    else redis!.pause();
    await wait([500, 4_000]);
    redis!.start();
    return isGone ? 'gone' : 'silent';
  },
};
