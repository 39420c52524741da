import { jsonPointer, type ValidationIssue } from '@gantry/errors';

/** A value and how it was reached; the path is only spelled out for the one that is refused. */
interface Place {
  readonly value: unknown;
  readonly key?: PropertyKey;
  readonly parent?: Place;
}

/**
 * Finds a string or key that Postgres can not hold: a NUL character or half of a surrogate pair.
 * Iterative, so that depth cannot exhaust the stack.
 */
export function unstorableText(value: unknown): ValidationIssue | undefined {
  const pending: Place[] = [{ value }];
  for (let place = pending.pop(); place; place = pending.pop()) {
    const current = place.value;
    if (typeof current === 'string') {
      const problem = problemOf(current);
      if (problem) return { path: pathOf(place), message: problem };
    } else if (Array.isArray(current)) {
      for (let index = 0; index < current.length; index++)
        pending.push({ value: current[index], key: index, parent: place });
    } else if (typeof current === 'object' && current !== null) {
      for (const [key, child] of Object.entries(current)) {
        const problem = problemOf(key);
        if (problem) return { path: pathOf(place), message: `A key here ${problem}` };
        pending.push({ value: child, key, parent: place });
      }
    }
  }
  return undefined;
}

function problemOf(text: string): string | undefined {
  if (text.includes('\0')) return 'contains a NUL character (\\u0000); remove it.';
  if (!text.isWellFormed()) return 'contains half of a surrogate pair; send well-formed Unicode.';
  return undefined;
}

function pathOf(place: Place): string {
  const keys: PropertyKey[] = [];
  for (let at: Place | undefined = place; at?.key !== undefined; at = at.parent) keys.unshift(at.key);
  return jsonPointer(keys);
}
