import type { Snapshot } from '../snapshot.ts';
import { announced, type Change } from './change.ts';
import { eventChanges, eventId } from './events.ts';
import { operatingChanges } from './operating.ts';
import { resourceChanges } from './resources.ts';
import { toolChanges } from './tools.ts';

/** A contract, and the version of the service that made it. */
export interface Release {
  readonly contract: Snapshot;
  /** As in its package.json. */
  readonly version: string;
}

/** All that differs between two contracts of a service. */
export function contractChanges(before: Release, after: Release): Change[] {
  const [was, is] = [before.contract, after.contract];
  const changes = [
    ...toolChanges(was.tools, is.tools),
    ...resourceChanges(was, is),
    ...eventChanges(was.events, is.events),
    ...operatingChanges(was, is),
  ];
  return isRaised(before.version, after.version)
    ? changes.map((change) => (hasVersion(change, is) ? change : announced(change)))
    : changes;
}

/**
 * Callers of a tool and subscribers of an event that are still there go by its version, and not by the service's. What
 * is gone, and what has no version of its own, is announced by that of the service.
 */
function hasVersion({ subject }: Change, { tools = [], events = [] }: Snapshot): boolean {
  return (
    tools.some(({ name }) => subject === `tool ${name}`) ||
    events.some((event) => subject === `event ${eventId(event)}`)
  );
}

/** As semantic versions announce what breaks: by the first number, and by the second while the first is 0. */
function isRaised(was: string, is: string): boolean {
  const [before, after] = [was, is].map((version) => version.split('.').map(Number));
  const [major = 0, minor = 0] = before!;
  const [newMajor = 0, newMinor = 0] = after!;
  return newMajor > major || (newMajor === 0 && major === 0 && newMinor > minor);
}
