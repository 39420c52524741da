import { randomInt } from 'node:crypto';
import type { Fault } from './fault.ts';
import { pause } from './pause.ts';

const CUT_MS = [50, 1_000] as const;
const BETWEEN_MS = [200, 1_500] as const;

/** Connections to a database break, in the middle of transactions, and new ones are refused for a moment. */
export const cutDatabases: Fault = {
  name: 'database-cut',
  async strike({ services }, signal) {
    const cut: string[] = [];
    while (await pause(randomInt(...BETWEEN_MS), signal)) {
      const { name, databaseLink } = services[randomInt(services.length)]!;
      databaseLink.cut();
      cut.push(name);
      await pause(randomInt(...CUT_MS), signal);
      databaseLink.resume();
    }
    return cut;
  },
};
