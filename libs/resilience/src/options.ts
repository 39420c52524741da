/** What makes the breaker open: so many failures one after the other, or too large a share of the last calls. */
export type BreakerTrigger =
  | { readonly failuresInARow: number }
  /** Judged once `ofLast` attempts were made; counted, not timed, so that a quiet hour changes nothing. */
  | { readonly failureShare: number; readonly ofLast: number };

/** How a dependency is called. What is left out takes the default that is named. */
export interface DependencyOptions {
  /** How long a call may take, with its waits and retries: 10 s. The caller's own deadline may end it sooner. */
  readonly deadlineMs?: number;
  /** How long one attempt may take: 3 s. */
  readonly attemptMs?: number;
  /** Attempts of one call, the first included: 3. With 1 nothing is retried. */
  readonly attempts?: number;
  /** Pause before a retry, with decorrelated jitter: about `firstMs` (100), doubling, never over `maxMs` (2 s). */
  readonly backoff?: { readonly firstMs?: number; readonly maxMs?: number };
  /**
   * Keeps retries from multiplying the load on a dependency that is down: over any stretch of time at most
   * `burst` (10) retries and `ratio` (0.2) more for each call.
   */
  readonly retryBudget?: { readonly ratio?: number; readonly burst?: number };
  /** When to stop calling (5 failures in a row), and after how long one call tries again: `openMs` (10 s). */
  readonly breaker?: { readonly opensAfter?: BreakerTrigger; readonly openMs?: number };
  /** Attempts at once, per process (20), and how many more may wait for their turn (20). */
  readonly bulkhead?: { readonly concurrent?: number; readonly queued?: number };
  /**
   * Which errors another attempt may cure: {@link isTransient}. Of the errors that are no `GantryError`, these
   * are also the ones that the breaker counts.
   */
  readonly isRetryable?: (error: unknown) => boolean;
}

/** Timers of Node count milliseconds in 31 bits; what is longer would fire at once. */
const MAX_MS = 2 ** 31 - 1;

/**
 * Options with their defaults.
 *
 * @throws RangeError at start rather than a dependency that is never called or never given up
 */
export function withDefaults({
  deadlineMs = 10_000,
  attemptMs = 3_000,
  attempts = 3,
  backoff: { firstMs = 100, maxMs = 2_000 } = {},
  retryBudget: { ratio = 0.2, burst = 10 } = {},
  breaker: { opensAfter = { failuresInARow: 5 }, openMs = 10_000 } = {},
  bulkhead: { concurrent = 20, queued = 20 } = {},
}: DependencyOptions) {
  between('deadlineMs', deadlineMs, 1, MAX_MS);
  between('attemptMs', attemptMs, 1, MAX_MS);
  wholeFrom('attempts', attempts, 1);
  between('backoff.firstMs', firstMs, 0, MAX_MS);
  between('backoff.maxMs', maxMs, firstMs, MAX_MS);
  between('retryBudget.ratio', ratio, 0, 1);
  between('retryBudget.burst', burst, 0, Number.MAX_SAFE_INTEGER);
  if ('failuresInARow' in opensAfter) {
    wholeFrom('breaker.opensAfter.failuresInARow', opensAfter.failuresInARow, 1);
  } else {
    between('breaker.opensAfter.failureShare', opensAfter.failureShare, 0.01, 0.99);
    wholeFrom('breaker.opensAfter.ofLast', opensAfter.ofLast, 1);
  }
  between('breaker.openMs', openMs, 1, MAX_MS);
  wholeFrom('bulkhead.concurrent', concurrent, 1);
  wholeFrom('bulkhead.queued', queued, 0);
  return {
    deadlineMs,
    attemptMs,
    retry: { attempts, firstMs, maxMs },
    retryBudget: { ratio, burst },
    breaker: { opensAfter, openMs },
    bulkhead: { concurrent, queued },
  };
}

function between(option: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return;
  throw new RangeError(`${option} must be between ${least} and ${most}, not ${value}.`);
}

function wholeFrom(option: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new RangeError(`${option} must be a whole number from ${least} on, not ${value}.`);
}
