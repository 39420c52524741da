import {
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  CountBreaker,
  handleWhenResult,
  type CircuitBreakerPolicy,
} from 'cockatiel';
import { isCancelled } from './failures.ts';
import type { BreakerTrigger } from './options.ts';
import { Refusal } from './refusal.ts';

/** `closed`: calls pass. `open`: none does. `half_open`: one is under way, to see whether the dependency is back. */
export type BreakerState = 'closed' | 'open' | 'half_open';

const STATES: Record<CircuitState, BreakerState> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half_open',
  [CircuitState.Isolated]: 'open',
};

/** What a breaker is made of. */
export interface BreakerOptions {
  readonly opensAfter: BreakerTrigger;
  readonly openMs: number;
  /** Is this error the dependency's fault? Any other shows that it works. */
  readonly isFailure: (error: unknown) => boolean;
  readonly onChange: (state: BreakerState) => void;
}

type Settled<T> =
  { readonly isFailure: false; readonly value: T } | { readonly isFailure: boolean; readonly error: unknown };

/** Stops calling a dependency that fails, and lets a single call find out when it is back. */
export class Breaker {
  readonly #policy: CircuitBreakerPolicy;
  /** By the clock that cockatiel goes by. */
  #probeAt = 0;

  constructor(
    private readonly dependency: string,
    private readonly options: BreakerOptions,
  ) {
    const { opensAfter, openMs, onChange } = options;
    // Results are judged, not errors: a foreign error would else neither count as a success nor as a failure.
    const failed = handleWhenResult((settled) => (settled as Settled<unknown>).isFailure);
    this.#policy = circuitBreaker(failed, { breaker: detector(opensAfter), halfOpenAfter: openMs });
    this.#policy.onStateChange((state) => {
      if (state === CircuitState.Open) this.#probeAt = Date.now() + openMs;
      onChange(STATES[state]);
    });
  }

  get state(): BreakerState {
    return STATES[this.#policy.state];
  }

  /**
   * Would a call pass now? Asked before waiting for anything.
   *
   * @throws Refusal if not
   */
  admit(): void {
    const waitMs = this.state === 'open' ? this.#probeAt - Date.now() : 0;
    // Cockatiel lets those who come during the probe wait for its result, which may take as long as an attempt.
    if (waitMs <= 0 && this.state !== 'half_open') return;
    const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
    throw new Refusal('breaker_open', `${this.dependency} is not available at the moment.`, seconds);
  }

  /**
   * Does the work and learns from it.
   *
   * @throws Refusal if the breaker is open, or a probe is under way
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    this.admit();
    const settled = await this.#policy.execute(() => this.#settle(work));
    if ('error' in settled) throw settled.error;
    return settled.value;
  }

  async #settle<T>(work: () => Promise<T>): Promise<Settled<T>> {
    const isProbe = this.state === 'half_open';
    try {
      return { isFailure: false, value: await work() };
    } catch (error) {
      // A cancelled call proves nothing: thrown on, it counts for nothing, except that a probe has to prove something.
      if (isCancelled(error) && !isProbe) throw error;
      return { error, isFailure: isCancelled(error) || this.options.isFailure(error) };
    }
  }
}

/** Not cockatiel's SamplingBreaker: after a quiet time it still counts the failures of before. */
function detector(trigger: BreakerTrigger): ConsecutiveBreaker | CountBreaker {
  return 'failuresInARow' in trigger
    ? new ConsecutiveBreaker(trigger.failuresInARow)
    : new CountBreaker({ threshold: trigger.failureShare, size: trigger.ofLast });
}
