import { hash } from 'node:crypto';
import type { Principal } from '@gantry/pipeline';
import type { KeySet } from './issuer-keys.ts';

interface Verified {
  readonly principal: Principal;
  /** Epoch milliseconds. */
  readonly goodUntil: number;
}

/**
 * Remembers which tokens were found good, the least recently used forgotten first. Keeps only their digests: a heap
 * dump of this service holds no bearer token from here.
 *
 * All that it knows was verified with one set of keys and is forgotten with it.
 */
export class VerifiedTokens {
  readonly #byDigest = new Map<string, Verified>();
  #keys: KeySet | undefined;

  constructor(private readonly capacity: number) {}

  get size(): number {
    return this.#byDigest.size;
  }

  find(token: string, keys: KeySet): Principal | undefined {
    if (this.#keys !== keys) return undefined;
    const digest = digestOf(token);
    const verified = this.#byDigest.get(digest);
    if (verified === undefined) return undefined;
    this.#byDigest.delete(digest);
    if (verified.goodUntil <= Date.now()) return undefined;
    // A map keeps insertion order: put back at the end, the first one is the least recently used.
    this.#byDigest.set(digest, verified);
    return verified.principal;
  }

  remember(token: string, keys: KeySet, principal: Principal, goodUntil: number): void {
    if (this.capacity === 0) return;
    if (this.#keys !== keys) {
      this.#byDigest.clear();
      this.#keys = keys;
    }
    this.#byDigest.set(digestOf(token), { principal, goodUntil });
    if (this.#byDigest.size > this.capacity) this.#forgetOldest();
  }

  #forgetOldest(): void {
    for (const digest of this.#byDigest.keys()) {
      this.#byDigest.delete(digest);
      return;
    }
  }
}

function digestOf(token: string): string {
  return hash('sha256', token, 'base64');
}
