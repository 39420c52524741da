import { changesOf, type Change } from './change.ts';

/**
 * Changes of things that have names: of those that are gone, of those that are new, and of what both have.
 *
 * @param kind - what they are called before their name: `tool`
 * @param before - `undefined` if nothing was kept of them, which is no promise of none
 */
export function changesByName<One>(
  kind: string,
  before: readonly One[] | undefined,
  after: readonly One[] | undefined,
  nameOf: (one: One) => string,
  compare: (was: One, is: One, subject: string) => Change[],
): Change[] {
  if (!before) return [];
  const was = new Map(before.map((one) => [nameOf(one), one]));
  const is = new Map((after ?? []).map((one) => [nameOf(one), one]));
  return [...new Set([...was.keys(), ...is.keys()])].sort().flatMap((name) => {
    const [old, present] = [was.get(name), is.get(name)];
    const subject = `${kind} ${name}`;
    if (!present) return changesOf(subject, [{ kind: 'breaking', what: 'is gone' }]);
    if (!old) return changesOf(subject, [{ kind: 'additive', what: 'is new' }]);
    return compare(old, present, subject);
  });
}
