import { randomInt } from 'node:crypto';
import type { Fault } from './fault.ts';
import { pause } from './pause.ts';

const AWAY_MS = [500, 4_000] as const;
const BETWEEN_MS = [200, 1_500] as const;

/** Redis is gone, then it hangs, by turns: nothing depends on it that is not allowed to be wrong for a while. */
export const stopRedis: Fault = {
  name: 'redis',
  isPossible: ({ redis }) => redis !== undefined,
  async strike({ redis }, signal) {
    const away: string[] = [];
    while (await pause(randomInt(...BETWEEN_MS), signal)) {
      const how = away.length % 2 === 0 ? 'gone' : 'silent';
      if (how === 'gone') redis!.stop();
      else redis!.pause();
      away.push(how);
      await pause(randomInt(...AWAY_MS), signal);
      redis!.start();
    }
    return away;
  },
};
