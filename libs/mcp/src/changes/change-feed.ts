import { Injectable } from '@nestjs/common';

/** What has changed for a tenant. */
export interface Change {
  readonly tenant: string;
  /** Resources whose contents are not what they were. */
  readonly uris: readonly string[];
  /** Are there others in the list of resources now? */
  readonly list: boolean;
}

/** Somebody in this process who wants to know. Must not throw. */
export interface ChangeListener {
  changed(change: Omit<Change, 'tenant'>): void;
  /** Nobody knows what has changed: it may be anything. */
  missed(): void;
}

/** Tells the listeners in this process what changed, each of its own tenant only. */
@Injectable()
export class ChangeFeed {
  readonly #byTenant = new Map<string, Set<ChangeListener>>();
  /** Who still has to be told that something may have gone by. */
  readonly #untold = new Set<ChangeListener>();

  /** Tells `listener` from now on. @returns what ends that */
  listen(tenant: string, listener: ChangeListener): () => void {
    const listeners = this.#byTenant.get(tenant) ?? new Set();
    this.#byTenant.set(tenant, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      this.#untold.delete(listener);
      if (listeners.size === 0 && this.#byTenant.get(tenant) === listeners) this.#byTenant.delete(tenant);
    };
  }

  /** Something has changed. */
  tell({ tenant, uris, list }: Change): void {
    for (const listener of this.#byTenant.get(tenant) ?? []) listener.changed({ uris, list });
  }

  /** Changes may have gone by untold: of a tenant, or of all. */
  tellMissed(): void {
    const isTelling = this.#untold.size > 0;
    for (const listeners of this.#byTenant.values())
      for (const listener of listeners) this.#untold.add(listener);
    if (!isTelling) this.#tellNextMissed();
  }

  /** One in each turn of the event loop: each has much to say to its client then, and calls have to go on. */
  readonly #tellNextMissed = (): void => {
    const [listener] = this.#untold;
    if (!listener) return;
    this.#untold.delete(listener);
    setImmediate(this.#tellNextMissed);
    listener.missed();
  };
}
