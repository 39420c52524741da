import type { GantryError } from '@gantry/errors';
import { endingOf } from './failures.ts';

/** A signal that is aborted when the time is up, or with the signal it follows. To be ended when it is not needed any more. */
export class TimeLimit {
  /** When the time is up, in milliseconds of `performance.now()`. */
  readonly deadline: number;
  readonly #ending = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #outer: AbortSignal | undefined;
  readonly #endWithOuter = (): void => this.#ending.abort(endingOf(this.#outer!));

  constructor(milliseconds: number, timedOut: () => GantryError, outer?: AbortSignal) {
    this.deadline = performance.now() + milliseconds;
    this.#timer = setTimeout(() => this.#ending.abort(timedOut()), Math.max(0, milliseconds));
    this.#outer = outer;
    if (outer?.aborted) this.#endWithOuter();
    outer?.addEventListener('abort', this.#endWithOuter, { once: true });
  }

  /** Always aborted with a `GantryError`. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** Milliseconds until the time is up. */
  get remaining(): number {
    return this.deadline - performance.now();
  }

  /** Does the work, unless it is too late, and stops waiting for it as soon as it is, whatever the work does then. */
  async bound<T>(work: () => Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    const { promise: ended, reject } = Promise.withResolvers<never>();
    const stop = (): void => reject(this.signal.reason as GantryError);
    this.signal.addEventListener('abort', stop, { once: true });
    try {
      return await Promise.race([work(), ended]);
    } catch (error) {
      // Work that listens to its signal rejects with an error of its own, which says less than the reason.
      this.signal.throwIfAborted();
      throw error;
    } finally {
      this.signal.removeEventListener('abort', stop);
    }
  }

  /** Lets go of the timer and of the outer signal. */
  end(): void {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener('abort', this.#endWithOuter);
  }
}
