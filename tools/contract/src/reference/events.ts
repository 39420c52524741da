import { eventId } from '../compare/events.ts';
import type { EventSnapshot } from '../snapshot.ts';
import { fieldsOf } from './fields.ts';
import { anchor, blocks, code, prose, table } from './markdown.ts';

/** Events that the service publishes. */
export function eventsSection(events: readonly EventSnapshot[]): string {
  if (events.length === 0) return '';
  const rows = events.map((event) => [
    `[${code(event.name)}](#${anchor(eventId(event))})`,
    String(event.version),
    prose(event.payload.description ?? ''),
  ]);
  return blocks(
    'Published in the transaction of what they tell, to every subscriber, at least once, in no certain order.',
    table(['event', 'version', 'tells that'], rows),
    ...events.map(payloadSection),
  );
}

function payloadSection(event: EventSnapshot): string {
  const rows = fieldsOf(event.payload).map(({ path, type, required, description }) => [
    code(path),
    type,
    required ? 'yes' : '',
    prose(description),
  ]);
  return blocks(`### ${eventId(event)}`, table(['field', 'type', 'always there', 'description'], rows));
}
