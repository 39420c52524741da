import { setTimeout as pause } from 'node:timers/promises';
import { GantryError } from '@gantry/errors';
import { ExponentialBackoff } from 'cockatiel';
import type { RetryBudget } from './retry-budget.ts';
import type { TimeLimit } from './time-limit.ts';

/**
 * Repeats attempts that failed, with growing pauses.
 *
 * The backoff is cockatiel's, with decorrelated jitter. Its retry loop is not used: it sleeps on, and tries again,
 * after its signal was aborted, and it can neither look at the time that is left nor ask a budget.
 */
export class Retries {
  readonly #backoff: ExponentialBackoff<unknown>;
  readonly #attempts: number;

  constructor(
    { attempts, firstMs, maxMs }: { attempts: number; firstMs: number; maxMs: number },
    private readonly budget: RetryBudget,
    private readonly onBudgetGone: () => void,
  ) {
    this.#attempts = attempts;
    this.#backoff = new ExponentialBackoff({ initialDelay: firstMs, maxDelay: maxMs });
  }

  /** Makes attempts until one succeeds, or `mayRepeat` says no, or nothing allows another; then with the last error. */
  async run<T>(
    attempt: (number: number) => Promise<T>,
    limit: TimeLimit,
    mayRepeat: (error: unknown) => boolean,
  ): Promise<T> {
    let backoff = this.#backoff.next();
    for (let number = 1; ; number += 1) {
      try {
        return await attempt(number);
      } catch (error) {
        if (number >= this.#attempts || limit.signal.aborted || !mayRepeat(error)) throw error;
        const pauseMs = Math.max(backoff.duration, askedPauseMs(error));
        // A retry that could only begin when the time is up would keep the caller waiting for nothing.
        if (pauseMs >= limit.remaining) throw error;
        if (!this.budget.spend()) {
          this.onBudgetGone();
          throw error;
        }
        await limit.bound(() => pause(pauseMs, undefined, { signal: limit.signal }));
        backoff = backoff.next(undefined);
      }
    }
  }
}

/** What the dependency itself asked for. Whoever ran into a timeout has waited already. */
function askedPauseMs(error: unknown): number {
  if (!(error instanceof GantryError) || error.code === 'timeout') return 0;
  return (error.retryAfterSeconds ?? 0) * 1_000;
}
