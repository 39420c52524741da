import type { EventSnapshot } from '../snapshot.ts';
import { changesByName } from './by-name.ts';
import { announced, changesOf, type Change } from './change.ts';
import { schemaDifferences } from './schemas.ts';

/**
 * Changes of events. Subscribers subscribe to a name and a version: a payload that they would not understand is a new
 * version, published beside the old one until they have moved.
 */
export function eventChanges(
  before: readonly EventSnapshot[] | undefined,
  after: readonly EventSnapshot[] | undefined,
): Change[] {
  const changes = changesByName('event', before, after, eventId, (was, is, subject) =>
    changesOf(subject, schemaDifferences(was.payload, is.payload, { side: 'output', path: 'payload' })),
  );
  const gone = (before ?? []).filter((event) => !after?.some((one) => eventId(one) === eventId(event)));
  const succeeded = gone.filter((event) =>
    after?.some((one) => one.name === event.name && one.version > event.version),
  );
  const ended = new Set(succeeded.map((event) => `event ${eventId(event)}`));
  return changes.map((change) => (ended.has(change.subject) ? announced(change) : change));
}

/** What subscribers subscribe to. */
export function eventId({ name, version }: EventSnapshot): string {
  return `${name}.v${version}`;
}
