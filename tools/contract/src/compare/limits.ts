import type { LimitsSnapshot } from '../snapshot.ts';
import type { Difference } from './change.ts';

const NAMES = ['callsPerMinute', 'concurrent', 'deadlineMs'] as const;

/**
 * Differences of the bounds of calls: less than before breaks whoever needed it.
 *
 * @param was - `undefined` if it was not kept
 */
export function limitDifferences(was: LimitsSnapshot | undefined, is: LimitsSnapshot): Difference[] {
  if (!was) return [];
  return NAMES.filter((name) => was[name] !== is[name]).map((name) => ({
    kind: is[name] > was[name] ? 'additive' : 'breaking',
    what: `limits.${name}: is ${is[name]}, was ${was[name]}`,
  }));
}
