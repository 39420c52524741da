import type { Fault } from './fault.ts';
import { byTurns, wait, type Range } from './wait.ts';

/** Longer than what most tools may take and a second, so that what is frozen wakes up when its time is over. */
const LONG: Range = [6_500, 8_500];
/** Longer than any tool may take. */
const LONGEST: Range = [22_000, 23_000];

/** SIGSTOP to a replica: its connections stay open, new ones are taken by its kernel, and nothing answers. */
export const freezeReplicas: Fault = {
  name: 'freeze',
  betweenMs: [200, 1_000],
  mayHang: true,
  isFelt: ({ hung }) => hung.length > 0,
  async strike({ services }, turn) {
    const service = byTurns(services, turn);
    const victim = service.anyReplica();
    victim.freeze();
    // The first, which every run has, and then each fourth: of three services each in turn.
    const isLongest = turn % 4 === 0;
    await wait(isLongest ? LONGEST : LONG);
    victim.thaw();
    return isLongest ? `${service.name} past every deadline` : service.name;
  },
};
