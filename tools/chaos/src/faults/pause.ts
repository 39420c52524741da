import { setTimeout as sleep } from 'node:timers/promises';

/** Waits; false if the signal was aborted, at once when it is. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  await sleep(milliseconds, undefined, { signal }).catch(() => {});
  return !signal.aborted;
}
