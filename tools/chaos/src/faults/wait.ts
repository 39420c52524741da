import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** From the first to the second, in milliseconds. */
export type Range = readonly [least: number, most: number];

/** Waits for a random time; false if the signal was aborted, at once when it is. */
export async function wait([least, most]: Range, signal?: AbortSignal): Promise<boolean> {
  await sleep(least < most ? randomInt(least, most) : least, undefined, { ...(signal && { signal }) }).catch(
    () => {},
  );
  return !signal?.aborted;
}

/** Whose turn it is. */
export function byTurns<Item>(items: readonly Item[], turn: number): Item {
  return items[turn % items.length]!;
}
