import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 20;

/**
 * Asks until the answer is truthy, and returns it. A predicate that throws is asked again; when time is
 * up, this throws with the last error as its cause.
 *
 * @example
 * ```ts
 * const row = await waitFor(() => findJob(id), 2_000);
 * ```
 */
export async function waitFor<T>(
  predicate: () => T | Promise<T>,
  timeoutMs = 5_000,
): Promise<NonNullable<T>> {
  const giveUp = performance.now() + timeoutMs;
  let lastError: unknown;
  for (;;) {
    try {
      const answer = await predicate();
      if (answer) return answer;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() >= giveUp) {
      throw new Error(`Not so within ${timeoutMs} ms: ${String(predicate)}`, { cause: lastError });
    }
    await sleep(POLL_MS);
  }
}
