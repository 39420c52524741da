/**
 * What a difference means to those who rely on the contract.
 *
 * - `breaking`: somebody who did nothing wrong has to follow, and nobody has told them
 * - `announced`: somebody has to follow, and the version says so
 * - `additive`: nobody has to do anything
 * - `wording`: texts that a model or a person reads; they steer, and bind nobody
 */
export type ChangeKind = 'breaking' | 'announced' | 'additive' | 'wording';

/** One difference between two contracts. */
export interface Change {
  readonly kind: ChangeKind;
  /** What it is a change of: `tool create_order`. */
  readonly subject: string;
  readonly what: string;
}

/** A change of something whose name is known to whoever asked. */
export type Difference = Omit<Change, 'subject'>;

/** Differences, as changes of a subject. */
export function changesOf(subject: string, differences: readonly Difference[]): Change[] {
  return differences.map((difference) => ({ ...difference, subject }));
}

/** As it is if the version of what has changed says that something has to be followed. */
export function announced<One extends Difference>(change: One): One {
  return change.kind === 'breaking' ? { ...change, kind: 'announced' } : change;
}

/** A difference of texts, if they differ. */
export function wording(name: string, before: unknown, after: unknown): Difference[] {
  return before === after ? [] : [{ kind: 'wording', what: `${name} is worded anew` }];
}

/** A value as it is shown. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The members of one list that another does not have. */
export function missingFrom<Member>(other: readonly Member[], list: readonly Member[]): Member[] {
  const texts = new Set(other.map((member) => JSON.stringify(member)));
  return list.filter((member) => !texts.has(JSON.stringify(member)));
}
