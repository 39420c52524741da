import { contractChanges } from './compare/contracts.ts';
import { report, WAYS_OUT } from './report.ts';
import type { Repository } from './repository.ts';

/** What changed in the contracts of a repository. */
export interface Diff {
  readonly text: string;
  /** Does something break somebody, and no version says so? */
  readonly isBroken: boolean;
}

/**
 * Compares the contracts as they are with what they were.
 *
 * @param ref - what to compare with; without it, each service is compared with its default
 */
export function diff(repository: Repository, ref?: string): Diff {
  const texts: string[] = [];
  let isBroken = false;
  for (const service of repository.services) {
    const base = ref === undefined ? repository.defaultBase(service) : repository.base(ref);
    const past = repository.past(service, base);
    const changes = past ? contractChanges(past, repository.present(service)) : [];
    isBroken ||= changes.some(({ kind }) => kind === 'breaking');
    texts.push(past ? report(service, base.name, changes) : `${service}: has no contract in ${base.name}`);
  }
  return { text: isBroken ? [...texts, WAYS_OUT].join('\n') : texts.join('\n'), isBroken };
}
