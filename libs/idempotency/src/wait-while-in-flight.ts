import { setTimeout as pause } from 'node:timers/promises';
import { GantryError } from '@gantry/errors';

/** How long a repetition waits for whoever is at it. */
const WAIT_MS = 2_000;

const FIRST_PAUSE_MS = 50;

/**
 * Tries again, for two seconds and with longer and longer pauses, while somebody else is at it. For tools that keep
 * their keys themselves: the call that a repetition waits for is mostly about to end.
 *
 * @param attempt - refused with `idempotency_in_flight` while somebody else is at it
 * @param signal - ends the wait
 * @throws GantryError `idempotency_in_flight` if it takes them longer, and whatever else `attempt` throws
 */
export async function waitWhileInFlight<T>(attempt: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const until = performance.now() + WAIT_MS;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs *= 2) {
    try {
      return await attempt();
    } catch (error) {
      if (!isInFlight(error) || performance.now() + pauseMs > until) throw error;
    }
    await pause(pauseMs, undefined, { signal });
  }
}

function isInFlight(error: unknown): boolean {
  return error instanceof GantryError && error.code === 'idempotency_in_flight';
}
