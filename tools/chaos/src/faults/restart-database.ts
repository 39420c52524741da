import type { Fault } from './fault.ts';

/** The server that all databases are on is stopped and started again, in the middle of transactions. */
export const restartDatabase: Fault = {
  name: 'database-restart',
  betweenMs: [2_000, 5_000],
  isPossible: ({ postgres }) => postgres.restart !== undefined,
  async strike({ postgres }) {
    await postgres.restart!();
    return 'all';
  },
};
