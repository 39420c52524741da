import { randomInt } from 'node:crypto';
import type { Fault } from './fault.ts';
import { pause } from './pause.ts';

/** Longer than most tools may take. */
const SILENT_MS = 10_000;
const BETWEEN_MS = [500, 3_000] as const;

/** A database says nothing for ten seconds: connections stay open, and nothing comes through. */
export const pauseDatabases: Fault = {
  name: 'database-silent',
  async strike({ services }, signal) {
    const paused: string[] = [];
    while (await pause(randomInt(...BETWEEN_MS), signal)) {
      const { name, databaseLink } = services[randomInt(services.length)]!;
      databaseLink.pause();
      paused.push(name);
      await pause(SILENT_MS, signal);
      databaseLink.resume();
    }
    return paused;
  },
};
