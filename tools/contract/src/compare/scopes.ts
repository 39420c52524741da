import { narrower, wider, type Place } from './side.ts';
import { shown, type Difference } from './change.ts';

/** Within one resource a stronger action implies the next weaker one, at every server: see ScopeHierarchy of auth. */
const WEAKER: Readonly<Record<string, string>> = { admin: 'write', write: 'read' };

/** Differences of the scopes that are needed, all of them. */
export function scopeDifferences(was: readonly string[], is: readonly string[]): Difference[] {
  const place: Place = { side: 'input', path: 'scopes' };
  const what = `needs ${shownScopes(is)}, needed ${shownScopes(was)}`;
  const [had, needed] = [granted(was), granted(is)];
  if (!is.every((scope) => had.has(scope))) return [narrower(place, what)];
  return was.every((scope) => needed.has(scope)) ? [] : [wider(place, what)];
}

function granted(scopes: readonly string[]): ReadonlySet<string> {
  const all = new Set(scopes);
  for (const scope of all) {
    const [, resource, action = ''] = /^(.+):([^:]+)$/.exec(scope) ?? [];
    if (WEAKER[action]) all.add(`${resource}:${WEAKER[action]}`);
  }
  return all;
}

function shownScopes(scopes: readonly string[]): string {
  return shown(scopes.length > 0 ? scopes.join(' and ') : undefined);
}
