import type { Registry } from 'prom-client';
import type { BreakerState } from './breaker.ts';
import { DependencyMetrics } from './dependency-metrics.ts';
import { Dependency, type DependencyState } from './dependency.ts';
import type { DependencyOptions } from './options.ts';

/** What {@link Resilience} needs from around it. */
export interface ResilienceOptions {
  /** Where the metrics of all dependencies go. */
  readonly registry: Registry;
  /** Told whenever a breaker changes its state, to log it. */
  readonly onBreakerChange?: (dependency: string, state: BreakerState) => void;
}

/** Knows every remote dependency of this process. One per process. */
export class Resilience {
  readonly #dependencies = new Map<string, Dependency>();
  readonly #metrics: DependencyMetrics;
  readonly #onBreakerChange: NonNullable<ResilienceOptions['onBreakerChange']>;

  constructor({ registry, onBreakerChange = () => {} }: ResilienceOptions) {
    this.#metrics = new DependencyMetrics(registry);
    this.#onBreakerChange = onBreakerChange;
  }

  /**
   * Declares a dependency. Whoever calls it must share what is returned: breaker, budget and bulkhead are in it.
   *
   * @param name - a label of metrics, and seen by callers in error messages
   * @throws Error if the name is taken, RangeError if an option makes no sense
   */
  dependency(name: string, options: DependencyOptions = {}): Dependency {
    if (this.#dependencies.has(name)) throw new Error(`There already is a dependency named "${name}".`);
    const dependency = new Dependency(name, options, this.#metrics, (state) =>
      this.#onBreakerChange(name, state),
    );
    this.#dependencies.set(name, dependency);
    return dependency;
  }

  /** How all of them are: details for a health check that is always up. */
  state(): Record<string, DependencyState> {
    return Object.fromEntries(
      [...this.#dependencies].map(([name, dependency]) => [name, dependency.state()]),
    );
  }
}
