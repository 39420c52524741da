import type { PromptSnapshot, ResourceSnapshot, Snapshot, TemplateSnapshot } from '../snapshot.ts';
import { changesByName } from './by-name.ts';
import { changesOf, wording, type Change, type Difference } from './change.ts';
import { limitDifferences } from './limits.ts';
import { schemaDifferences } from './schemas.ts';
import { scopeDifferences } from './scopes.ts';

/** Changes of what clients read: resources, families of them, prompts. */
export function resourceChanges(before: Snapshot, after: Snapshot): Change[] {
  return [
    ...changesByName('resource', before.resources, after.resources, ({ uri }) => uri, changesOfResource),
    ...changesByName(
      'resource template',
      before.templates,
      after.templates,
      ({ uriTemplate }) => uriTemplate,
      changesOfResource,
    ),
    ...changesByName('prompt', before.prompts, after.prompts, ({ name }) => name, changesOfPrompt),
  ];
}

type Resource = ResourceSnapshot | TemplateSnapshot;

function changesOfResource(before: Resource, after: Resource, subject: string): Change[] {
  return changesOf(subject, [
    ...replaced('name', before.name, after.name),
    ...replaced('mimeType', before.mimeType, after.mimeType),
    ...commonDifferences(before, after),
    ...freshness(before.ttlMs, after.ttlMs),
  ]);
}

function changesOfPrompt(before: PromptSnapshot, after: PromptSnapshot, subject: string): Change[] {
  return changesOf(subject, [
    ...schemaDifferences(before.arguments, after.arguments, { side: 'input', path: 'arguments' }),
    ...commonDifferences(before, after),
  ]);
}

function commonDifferences(
  before: Resource | PromptSnapshot,
  after: Resource | PromptSnapshot,
): Difference[] {
  return [
    ...wording('title', before.title, after.title),
    ...wording('description', before.description, after.description),
    ...scopeDifferences(before.scopes, after.scopes),
    ...limitDifferences(before.limits, after.limits),
  ];
}

function replaced(what: string, was: string, is: string): Difference[] {
  return was === is ? [] : [{ kind: 'breaking', what: `${what}: is ${is}, was ${was}` }];
}

/** Each copy says how long it may be kept. */
function freshness(was: number, is: number): Difference[] {
  return was === is ? [] : [{ kind: 'additive', what: `ttlMs: is ${is}, was ${was}` }];
}
