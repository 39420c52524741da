import { isDeepStrictEqual } from 'node:util';
import type { ToolSnapshot } from '../snapshot.ts';
import { changesByName } from './by-name.ts';
import { announced, changesOf, missingFrom, wording, type Change, type Difference } from './change.ts';
import { limitDifferences } from './limits.ts';
import { schemaDifferences } from './schemas.ts';
import { scopeDifferences } from './scopes.ts';

/** Changes of tools. What breaks callers is announced if the version of the tool was raised. */
export function toolChanges(
  before: readonly ToolSnapshot[] | undefined,
  after: readonly ToolSnapshot[] | undefined,
): Change[] {
  return changesByName('tool', before, after, ({ name }) => name, toolDifferences);
}

function toolDifferences(before: ToolSnapshot, after: ToolSnapshot, subject: string): Change[] {
  const [was, is] = [before.version ?? 1, after.version ?? 1];
  const changes = changesOf(subject, [
    ...wording('title', before.title, after.title),
    ...wording('description', before.description, after.description),
    ...schemaDifferences(before.inputSchema, after.inputSchema, { side: 'input', path: 'input' }),
    ...schemaDifferences(before.outputSchema, after.outputSchema, { side: 'output', path: 'output' }),
    ...scopeDifferences(before.scopes, after.scopes),
    ...effectDifferences(before, after),
    ...errorDifferences(before.errors, after.errors),
    ...limitDifferences(before.limits, after.limits),
    ...operationDifferences(before, after),
  ]);
  if (is < was)
    return [...changes, ...changesOf(subject, [{ kind: 'breaking', what: `version: is ${is}, was ${was}` }])];
  return is > was ? changes.map(announced) : changes;
}

/** The annotations follow from the effect. If they change without it, it is the libraries that mean something else by it. */
function effectDifferences(before: ToolSnapshot, after: ToolSnapshot): Difference[] {
  if (before.effect !== after.effect)
    return [{ kind: 'breaking', what: `effect: is ${after.effect}, was ${before.effect}` }];
  return isDeepStrictEqual(before.annotations, after.annotations)
    ? []
    : [{ kind: 'breaking', what: `annotations: are not what they were for effect ${after.effect}` }];
}

/** Whoever meets an unknown code can go by its category and its hint; whoever waits for one that is gone waits in vain. */
function errorDifferences(was: readonly string[], is: readonly string[]): Difference[] {
  return [
    ...missingFrom(is, was).map((code): Difference => ({
      kind: 'breaking',
      what: `errors: ${code} is gone`,
    })),
    ...missingFrom(was, is).map((code): Difference => ({ kind: 'additive', what: `errors: ${code} is new` })),
  ];
}

/** A client with the Tasks extension gets a task in the place of an answer. */
function operationDifferences(before: ToolSnapshot, after: ToolSnapshot): Difference[] {
  const [was, is] = [before.startsOperation, after.startsOperation];
  // It was not always kept.
  if (was === undefined || was === is) return [];
  return [{ kind: 'breaking', what: is ? 'may start an operation now' : 'no longer starts operations' }];
}
