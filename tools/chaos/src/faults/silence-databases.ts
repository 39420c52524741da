import type { Fault } from './fault.ts';
import { byTurns, wait } from './wait.ts';

/** A database says nothing for ten seconds, longer than most tools may take: connections stay open, nothing comes through. */
export const silenceDatabases: Fault = {
  name: 'database-silent',
  betweenMs: [500, 2_000],
  async strike({ services }, turn) {
    const { name, databaseLink } = byTurns(services, turn);
    databaseLink.pause();
    await wait([10_000, 10_000]);
    databaseLink.resume();
    return name;
  },
};
