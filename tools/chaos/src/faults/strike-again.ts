import type { Fleet } from '../fleet/fleet.ts';
import type { Fault } from './fault.ts';
import { wait } from './wait.ts';

/**
 * Lets a fault strike at random moments until the signal is aborted; what was struck is whole again when this resolves.
 *
 * @param struck - gets what was hit, each time when it is whole again
 */
export async function strikeAgain(
  fault: Fault,
  fleet: Fleet,
  signal: AbortSignal,
  struck: string[],
): Promise<void> {
  const { betweenMs, atOnce = 1 } = fault;
  const underWay = new Set<Promise<void>>();
  for (let turn = 0; await wait(betweenMs, signal); turn += 1) {
    const one = fault
      .strike(fleet, turn)
      .then((hit) => void struck.push(hit))
      .finally(() => underWay.delete(one));
    underWay.add(one);
    // A strike that fails ends the round: something could not be made whole again.
    if (underWay.size >= atOnce) await Promise.race(underWay);
  }
  await Promise.all(underWay);
}
