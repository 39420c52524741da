import { Refusal } from './refusal.ts';

/** Gives a place back. */
export type Leave = () => void;

/**
 * Bounds how many attempts on one dependency run at once, and how many wait for that.
 *
 * Not cockatiel's: there, a waiter whose call has ended keeps its place in the queue until its turn, and a newcomer
 * can take the place that was just freed for the first in the queue, which is then refused if the queue is full.
 */
export class Bulkhead {
  #inUse = 0;
  /** In the order they came. */
  readonly #waiting = new Set<() => void>();

  constructor(
    private readonly dependency: string,
    private readonly limits: { readonly concurrent: number; readonly queued: number },
  ) {}

  /** Attempts that run. */
  get inUse(): number {
    return this.#inUse;
  }

  /** Attempts that wait. */
  get queued(): number {
    return this.#waiting.size;
  }

  /**
   * Waits for a place. Calling what is returned, once, gives it back.
   *
   * @throws Refusal if all places are taken and too many wait already
   */
  async enter(signal: AbortSignal): Promise<Leave> {
    if (this.#inUse < this.limits.concurrent) this.#inUse += 1;
    else await this.#turn(signal);
    return () => this.#leave();
  }

  #turn(signal: AbortSignal): Promise<void> {
    if (this.#waiting.size >= this.limits.queued) {
      throw new Refusal('bulkhead_full', `Too many calls of ${this.dependency} are running.`, 1);
    }
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = (): void => {
        this.#waiting.delete(begin);
        reject(signal.reason as Error);
      };
      if (signal.aborted) return giveUp();
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.add(begin);
    });
  }

  /** The place goes straight to the next in the queue, so that nobody can take it in between. */
  #leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#inUse -= 1;
    } else {
      this.#waiting.delete(next);
      next();
    }
  }
}
