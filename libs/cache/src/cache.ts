import { randomUUID } from 'node:crypto';
import { Config } from '@gantry/config';
import { Log, Metrics } from '@gantry/observability';
import { Database } from '@gantry/postgres';
import { Redis } from '@gantry/redis';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { entryKey, tagKeys, type TagKeys } from './cache-keys.ts';
import { measureCache } from './cache-metrics.ts';
import { LoadsUnderWay } from './loads-under-way.ts';
import { MissedChanges } from './missed-changes.ts';
import { cacheSettings } from './settings.ts';
import { SharedCopies, type Found } from './shared-copies.ts';
import { canBeKept } from './stored-copy.ts';

/** A value that may be kept. */
export interface CacheEntry {
  /** Whose it is. Entries and tags of the same name of another tenant are others. */
  readonly tenant: string;
  /** Names the value; everything that it depends on beside the tenant has to be in it. */
  readonly key: string;
  /** What it was made from. Invalidating any of them drops it. */
  readonly tags: readonly string[];
  /** How long it may be kept, in milliseconds; no longer than MCP_CACHE_MAX_TTL_SECONDS. */
  readonly ttlMs: number;
}

/** All there is when there is a Redis. */
interface Shared {
  readonly copies: SharedCopies;
  readonly missed: MissedChanges;
  readonly measured: ReturnType<typeof measureCache>;
}

/**
 * A read-through cache that all replicas share, dropped by tags inside the write that changes what they stand for. It
 * is never the reason a call fails: without Redis, or while it is away, values are loaded.
 *
 * @example
 * ```ts
 * const text = await cache.read({ tenant, key: uri, tags: [uri], ttlMs: 5_000 }, () => this.load(uri));
 *
 * await database.write({ tenant }, async () => {
 *   await this.store.update(order);
 *   await cache.invalidate(tenant, [`orders://orders/${order.id}`]);
 * });
 * ```
 */
@Injectable()
export class Cache implements OnApplicationShutdown {
  readonly #shared: Shared | undefined;
  readonly #enabled: boolean;
  readonly #maxEntryBytes: number;
  readonly #maxTtlMs: number;
  readonly #loads = new LoadsUnderWay();

  constructor(
    config: Config,
    metrics: Metrics,
    log: Log,
    private readonly redis: Redis,
    private readonly database: Database,
  ) {
    const { enabled, maxEntryBytes, maxTtlSeconds } = config.get(cacheSettings);
    this.#enabled = enabled;
    this.#maxEntryBytes = maxEntryBytes;
    this.#maxTtlMs = maxTtlSeconds * 1_000;
    if (!redis.client) return;
    const copies = new SharedCopies(redis.client, this.#maxTtlMs);
    const missed = new MissedChanges(
      {
        get available() {
          return redis.available;
        },
        dropAll: () => copies.dropAll(),
      },
      log,
    );
    // Whoever wrote meanwhile may have lost Redis as well, and come back to tell it later than this replica.
    redis.client.on('close', () => missed.add());
    this.#shared = { copies, missed, measured: measureCache(metrics.registry) };
  }

  /**
   * The kept copy, if it is good; else what `load` loads, which is then kept. Rejects only if `load` does.
   *
   * In a unit of work that reads, call it before the first SQL: what the unit sees is of the moment of that, and only
   * what is of a later moment than the look into the cache may be kept. After it, and in a unit of work that writes, it
   * loads and keeps nothing: what a write sees need never come to stand.
   *
   * Callers that miss the same entry at once share one load, that of the first.
   */
  async read(entry: CacheEntry, load: () => Promise<string>): Promise<string> {
    const shared = this.#shared;
    if (!shared) return load();
    const key = entryKey(entry.tenant, entry.key);
    const ttlMs = Math.floor(Math.min(entry.ttlMs, this.#maxTtlMs));
    const found = await this.#look(shared, key, entry, ttlMs);
    shared.measured.read(found.result);
    if (found.result === 'hit') return found.value;
    if (found.result !== 'miss') return load();
    const { versions } = found;
    // With its versions in the name, nobody who looks after a change waits for a load from before it.
    return this.#loads.join(`${key} ${versions}`, async () => {
      const value = await load();
      if (canBeKept(value, this.#maxEntryBytes)) {
        void shared.copies.keep(key, versions, value, ttlMs).catch(() => {}); // Redis has counted and logged it
      }
      return value;
    });
  }

  /**
   * Drops every copy that has one of these tags. To be called inside the unit of work that changes what they stand
   * for, in any order with its SQL: nothing of these tags is kept from now until the commit, and whoever looks after
   * the commit finds what it changed. Once for many tags costs less than once for each.
   *
   * Never rejects because of Redis.
   */
  async invalidate(tenant: string, tags: readonly string[]): Promise<void> {
    const shared = this.#shared;
    if (!shared || tags.length === 0) return;
    const change = randomUUID();
    const keys = tagKeys(tenant, tags);
    this.database.afterCommit(() => void this.#endChange(shared, change, keys));
    // If Redis cannot be told now, it can after the commit: all that is lost is the moment between the two.
    if (this.redis.available) await shared.copies.beginChange(change, keys).catch(() => {});
  }

  /** Nobody looks any more. */
  onApplicationShutdown(): void {
    this.#shared?.missed.stop();
  }

  async #look(
    { copies, missed }: Shared,
    key: string,
    { tenant, tags }: CacheEntry,
    ttlMs: number,
  ): Promise<Found | { readonly result: 'unavailable' }> {
    if (!this.#enabled || !(ttlMs > 0) || this.#seesOtherMoment()) return { result: 'bypass' };
    if (missed.any || !this.redis.available) return { result: 'unavailable' };
    try {
      const found = await copies.look(key, tagKeys(tenant, tags));
      return missed.any ? { result: 'unavailable' } : found;
    } catch {
      return { result: 'unavailable' };
    }
  }

  async #endChange({ copies, missed, measured }: Shared, change: string, keys: TagKeys[]): Promise<void> {
    try {
      // Sent before the write is answered; Redis takes what this replica sends in order.
      if (!this.redis.available) throw new Error('Redis is away.');
      await copies.endChange(change, keys);
      measured.invalidated('ok');
    } catch {
      missed.add();
      measured.invalidated('failed');
    }
  }

  /** Does this unit of work see what may never stand, or what may be older than a look into the cache? */
  #seesOtherMoment(): boolean {
    const { unit } = this.database;
    return unit !== undefined && (unit.mode === 'write' || unit.hasBegun);
  }
}
