import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '@gantry/observability';

const RETRY_MS = 250;

/** The Redis that has to be told. */
export interface Copies {
  readonly available: boolean;
  dropAll(): Promise<void>;
}

/**
 * Committed changes that Redis was not told of, by this replica or, for all it knows, by another. Which ones does not
 * matter, however many they are: all copies are dropped once Redis is there, and until then this replica reads none.
 */
export class MissedChanges {
  readonly #copies: Copies;
  readonly #log: Log;
  #count = 0;
  #isStopped = false;

  constructor(copies: Copies, log: Log) {
    this.#copies = copies;
    this.#log = log;
  }

  /** Are there any? Then copies may be old. */
  get any(): boolean {
    return this.#count > 0;
  }

  /** Notes one. */
  add(): void {
    if (this.#isStopped) return;
    if (this.#count++ === 0) void this.#makeUp();
  }

  /** Gives up what is left. */
  stop(): void {
    this.#isStopped = true;
  }

  async #makeUp(): Promise<void> {
    this.#log.warn(
      {},
      'Redis may not know of every change: all cached copies are dropped as soon as it is there',
    );
    while (this.any && !this.#isStopped) {
      const seen = this.#count; // one that comes while Redis is being told needs telling once more
      if (await this.#dropAll()) this.#count -= seen;
      else await sleep(RETRY_MS, undefined, { ref: false });
    }
    if (!this.any)
      this.#log.info(
        {},
        'All cached copies were dropped: changes that Redis may have missed are made up for',
      );
  }

  async #dropAll(): Promise<boolean> {
    if (!this.#copies.available) return false;
    return this.#copies.dropAll().then(
      () => true,
      () => false,
    );
  }
}
