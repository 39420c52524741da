import type { ServerEvent, ServerEventBus } from '@modelcontextprotocol/server';
import type { Writable } from 'node:stream';
import type { Change, ChangeListener } from '../changes/change-feed.ts';

/** What a client wants to hear of, and may. */
export interface Interests {
  /** As what to name a resource that has changed: as the client does; not at all if it is no business of its. */
  namesOf(uri: string): readonly string[];
  /** All names it asked for, as far as they are known. */
  readonly names: readonly string[];
  /** Does it want to hear that the list of resources has changed? */
  readonly list: boolean;
}

/** As much as a client may be behind where it is not known what it asked for. */
const MAX_PENDING = 1_000;

/** Events that a stream delivers in one turn of the event loop, some milliseconds' work at most. */
const EVENTS_PER_TURN = 100;

const LIST_CHANGED: ServerEvent = { kind: 'resources_list_changed' };

/**
 * Changes on their way to one client. Each says no more than "read again", so that one waiting is as good as ten: a
 * client that is slow to read costs no more memory than the names of what it listens to.
 *
 * To the SDK this is the bus of a single `subscriptions/listen` stream.
 */
export class ChangeEvents implements ChangeListener, ServerEventBus {
  readonly #pending = new Map<string, ServerEvent>();
  #deliver: ((event: ServerEvent) => void) | undefined;
  #isScheduled = false;

  /** @param outlet - where the events end up; it says when the client is behind */
  constructor(
    private readonly outlet: Writable,
    private readonly interests: Interests,
  ) {}

  changed({ uris, list }: Omit<Change, 'tenant'>): void {
    for (const uri of uris) for (const name of this.interests.namesOf(uri)) this.#addUpdated(name);
    if (list) this.#addListChanged();
    this.#schedule();
  }

  missed(): void {
    for (const name of this.interests.names) this.#addUpdated(name);
    this.#addListChanged();
    this.#schedule();
  }

  /** Delivers from now on, and what has happened before. @returns what ends that */
  subscribe(deliver: (event: ServerEvent) => void): () => void {
    this.#deliver = deliver;
    this.#schedule();
    return () => {
      this.#deliver = undefined;
      this.#pending.clear();
    };
  }

  /** Events come from the feed only. */
  publish(): void {}

  #addUpdated(uri: string): void {
    if (this.#pending.size < MAX_PENDING) this.#pending.set(uri, { kind: 'resource_updated', uri });
  }

  #addListChanged(): void {
    if (this.interests.list) this.#pending.set('', LIST_CHANGED);
  }

  /** Not at once: what happens in the same moment is told once, and the outlet has had time to fill. */
  #schedule(): void {
    if (this.#isScheduled || this.#pending.size === 0 || !this.#deliver) return;
    this.#isScheduled = true;
    setImmediate(this.#flush);
  }

  readonly #flush = (): void => {
    if (this.outlet.destroyed) return;
    if (this.outlet.writableNeedDrain) return void this.outlet.once('drain', this.#flush);
    this.#isScheduled = false;
    for (const [name, event] of [...this.#pending].slice(0, EVENTS_PER_TURN)) {
      this.#pending.delete(name);
      this.#deliver?.(event);
    }
    this.#schedule();
  };
}
