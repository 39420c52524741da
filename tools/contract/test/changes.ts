import { expect } from '@jest/globals';
import type { Change } from '../src/compare/change.ts';
import { contractChanges } from '../src/compare/contracts.ts';
import type { Part, Snapshot } from '../src/snapshot.ts';
import { contract } from './contract.ts';

/** A list of a contract. */
export type List<Name extends Part> = Required<Snapshot>[Name];

/** Changes between two contracts of a service at 1.0.0, or at another version now. */
export const changes = (before: Snapshot, after: Snapshot, version = '1.0.0') =>
  contractChanges({ contract: before, version: '1.0.0' }, { contract: after, version });

/** Changes, one line each. */
export const told = (all: readonly Change[]) =>
  all.map(({ kind, subject, what }) => `${kind} ${subject}: ${what}`);

/** The contract with something else in the place of the first of its tools, its prompts, … */
export function withChanged<Name extends Part>(part: Name, change: Partial<List<Name>[number]>): Snapshot {
  const [first, ...others] = contract[part];
  return { ...contract, [part]: [{ ...first, ...change }, ...others] };
}

/** What is said of a change, and of taking it back. */
export function expectBoth(after: Snapshot, there: string[], back: string[]): void {
  expect(told(changes(contract, after))).toEqual(there);
  expect(told(changes(after, contract))).toEqual(back);
}
