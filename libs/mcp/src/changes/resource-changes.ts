import { Database } from '@gantry/postgres';
import { Injectable, Optional } from '@nestjs/common';
import { Cache } from '@gantry/cache';
import { Catalogue } from '../catalogue/catalogue.ts';
import { ChangeFeed, type Change } from './change-feed.ts';
import { ChangeRelay } from './change-relay.ts';

/** How many URIs one message to the other replicas carries. */
const URIS_PER_MESSAGE = 500;

/**
 * What a write says when it has changed what resources show: copies of them are dropped, and whoever listens, on
 * whatever replica, is told once the write has committed.
 *
 * @example
 * ```ts
 * await this.store.insert(order);
 * await this.changes.updated(call.principal.tenant, [`orders://orders/${order.id}`]);
 * ```
 */
@Injectable()
export class ResourceChanges {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly feed: ChangeFeed,
    private readonly relay: ChangeRelay,
    @Optional() private readonly cache?: Cache,
    @Optional() private readonly database?: Database,
  ) {}

  /** These resources will show something else. To be called inside the write's unit of work. */
  async updated(tenant: string, uris: readonly string[]): Promise<void> {
    if (uris.length === 0) return;
    const canonical = [...new Set(uris.map((uri) => this.catalogue.resources.canonical(uri)))];
    await this.cache?.invalidate(tenant, canonical);
    this.#afterCommit({ tenant, uris: canonical, list: false });
  }

  /** `resources/list` will show others. To be called inside the write's unit of work. */
  listChanged(tenant: string): void {
    this.#afterCommit({ tenant, uris: [], list: true });
  }

  #afterCommit(change: Change): void {
    if (this.database) this.database.afterCommit(() => this.#tell(change));
    else this.#tell(change);
  }

  #tell(change: Change): void {
    this.feed.tell(change);
    for (let at = 0; at < change.uris.length || at === 0; at += URIS_PER_MESSAGE) {
      this.relay.send({ ...change, uris: change.uris.slice(at, at + URIS_PER_MESSAGE) });
    }
  }
}
