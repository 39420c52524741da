import type { Fault } from './fault.ts';
import { byTurns, wait } from './wait.ts';

/** Connections to a database break, in the middle of transactions, and new ones are refused for a moment. */
export const cutDatabases: Fault = {
  name: 'database-cut',
  betweenMs: [200, 1_500],
  async strike({ services }, turn) {
    const { name, databaseLink } = byTurns(services, turn);
    databaseLink.cut();
    await wait([50, 1_000]);
    databaseLink.resume();
    return name;
  },
};
