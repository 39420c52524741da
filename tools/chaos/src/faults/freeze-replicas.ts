import { randomInt } from 'node:crypto';
import type { Fault } from './fault.ts';
import { pause } from './pause.ts';

/** Longer than most tools may take, so that what is frozen wakes up when its time is over. */
const FROZEN_MS = [3_000, 8_000] as const;
const BETWEEN_MS = [500, 2_000] as const;

/** SIGSTOP to a replica: its connections stay open, new ones are taken by its kernel, and nothing answers. */
export const freezeReplicas: Fault = {
  name: 'freeze',
  async strike({ replicas }, signal) {
    const frozen: string[] = [];
    while (await pause(randomInt(...BETWEEN_MS), signal)) {
      const victim = replicas[randomInt(replicas.length)]!;
      victim.freeze();
      frozen.push(victim.service);
      await pause(randomInt(...FROZEN_MS), signal);
      victim.thaw();
    }
    return frozen;
  },
};
