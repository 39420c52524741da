import { randomUUID } from 'node:crypto';
import type { Redis as IoRedis } from 'ioredis';
import { EVERYTHING, type TagKeys } from './cache-keys.ts';
import { BEGIN_CHANGE, END_CHANGE, LOOK } from './scripts.ts';
import { sealed, unsealed } from './stored-copy.ts';

/** What Redis knows of a value. */
export type Found =
  | { readonly result: 'hit'; readonly value: string }
  /** No copy is good. One made from now on is, for as long as its tags have these versions. */
  | { readonly result: 'miss'; readonly versions: string }
  /** A write under way is changing it: neither use a copy nor keep one. */
  | { readonly result: 'bypass' };

/** Longer than a write takes: until then, nothing that it is changing is cached. */
const LONGEST_WRITE_MS = 60_000;

/**
 * The copies in Redis. One is good only with the versions that its tags have now, and those are told in the same
 * moment as the copy.
 *
 * To drop copies is to delete the version of a tag. The next look makes a new one, unlike any before; so a version
 * that expired, was evicted or was lost with its server can only cost copies, never bring one back.
 *
 * Scripts are sent as text (`EVAL`): after a restart of Redis, `EVALSHA` would send some of them twice, and so out of
 * order.
 */
export class SharedCopies {
  readonly #client: IoRedis;
  readonly #versionMs: number;

  /** @param maxTtlMs - the longest life of a copy; versions live longer */
  constructor(client: IoRedis, maxTtlMs: number) {
    this.#client = client;
    this.#versionMs = 2 * maxTtlMs;
  }

  async look(key: string, tags: readonly TagKeys[]): Promise<Found> {
    const keys = [key, ...flat([EVERYTHING, ...tags])];
    const [state, versions, copy] = (await this.#client.eval(
      LOOK,
      keys.length,
      ...keys,
      randomUUID(),
      this.#versionMs,
    )) as [state: 'changing' | 'miss' | 'hit', versions: string, copy: string];
    if (state === 'changing') return { result: 'bypass' };
    const value = state === 'hit' ? unsealed(copy) : undefined;
    return value === undefined ? { result: 'miss', versions } : { result: 'hit', value };
  }

  /** @param versions - as they were before the value was loaded */
  async keep(key: string, versions: string, value: string, ttlMs: number): Promise<void> {
    await this.#client.set(key, `${versions}\n${sealed(value)}`, 'PX', ttlMs);
  }

  /** Drops the copies with these tags, and has none made until `change` is over. */
  async beginChange(change: string, tags: readonly TagKeys[]): Promise<void> {
    const keys = flat(tags);
    await this.#client.eval(BEGIN_CHANGE, keys.length, ...keys, change, LONGEST_WRITE_MS);
  }

  /** Drops the copies with these tags. Other changes under way go on. */
  async endChange(change: string, tags: readonly TagKeys[]): Promise<void> {
    const keys = flat(tags);
    await this.#client.eval(END_CHANGE, keys.length, ...keys, change);
  }

  /** Drops all copies of the service. */
  async dropAll(): Promise<void> {
    await this.#client.unlink(EVERYTHING.version);
  }
}

function flat(tags: readonly TagKeys[]): string[] {
  return tags.flatMap(({ version, changing }) => [version, changing]);
}
