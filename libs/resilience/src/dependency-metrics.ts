import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { BreakerState } from './breaker.ts';
import type { DependencyState } from './dependency.ts';
import type { RefusalReason } from './refusal.ts';

/**
 * How a call of a dependency ended. `unavailable` and `timeout` are the dependency's fault, `error` is not: it answered,
 * or our own code failed.
 */
export type CallOutcome = 'ok' | 'unavailable' | 'timeout' | 'error' | 'cancelled' | RefusalReason;

/** Where a dependency notes what happens to its calls. */
export interface DependencyRecorder {
  /** @param startedAt - in milliseconds of `performance.now()` */
  settled(outcome: CallOutcome, startedAt: number): void;
  retried(): void;
  /** A retry was due, and the budget did not allow it. */
  budgetGone(): void;
}

const OUTCOMES: readonly CallOutcome[] = [
  'ok',
  'unavailable',
  'timeout',
  'error',
  'cancelled',
  'breaker_open',
  'bulkhead_full',
];

const REFUSALS: ReadonlySet<CallOutcome> = new Set<RefusalReason>(['breaker_open', 'bulkhead_full']);

const BREAKER_STATES: readonly BreakerState[] = ['closed', 'open', 'half_open'];

/** What an operator wants to see of the services that this one calls. */
export class DependencyMetrics {
  readonly #states = new Map<string, () => DependencyState>();
  readonly #requests: Counter<'dependency' | 'outcome'>;
  readonly #durations: Histogram<'dependency'>;
  readonly #retries: Counter<'dependency'>;
  readonly #budgetGone: Counter<'dependency'>;

  constructor(registry: Registry) {
    const registers = [registry];
    const labelNames = ['dependency'] as const;
    this.#requests = new Counter({
      name: 'mcp_dependency_requests_total',
      help: 'Calls of a dependency by outcome: ok, unavailable, timeout, error, cancelled, breaker_open or bulkhead_full.',
      labelNames: ['dependency', 'outcome'],
      registers,
    });
    this.#durations = new Histogram({
      name: 'mcp_dependency_request_duration_seconds',
      help: 'How long calls of a dependency took with their retries; without those that were refused.',
      labelNames,
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    });
    this.#retries = new Counter({
      name: 'mcp_dependency_retries_total',
      help: 'Attempts after the first one of a call.',
      labelNames,
      registers,
    });
    this.#budgetGone = new Counter({
      name: 'mcp_dependency_retry_budget_exhausted_total',
      help: 'Retries that were not made because the retry budget was gone.',
      labelNames,
      registers,
    });
    this.#measureStates(registers);
  }

  /** Shows a dependency from now on, also before its first call, so that rates see it. */
  watch(dependency: string, state: () => DependencyState): DependencyRecorder {
    this.#states.set(dependency, state);
    const duration = this.#durations.labels({ dependency });
    const retries = this.#retries.labels({ dependency });
    const budgetGone = this.#budgetGone.labels({ dependency });
    for (const outcome of OUTCOMES) this.#requests.inc({ dependency, outcome }, 0);
    this.#durations.zero({ dependency });
    retries.inc(0);
    budgetGone.inc(0);
    return {
      settled: (outcome, startedAt) => {
        this.#requests.inc({ dependency, outcome });
        if (!REFUSALS.has(outcome)) duration.observe((performance.now() - startedAt) / 1_000);
      },
      retried: () => retries.inc(),
      budgetGone: () => budgetGone.inc(),
    };
  }

  #measureStates(registers: Registry[]): void {
    const states = this.#states;
    new Gauge({
      name: 'mcp_dependency_breaker_state',
      help: '1 for the state that the circuit breaker of a dependency is in, 0 for the others.',
      labelNames: ['dependency', 'state'],
      registers,
      collect() {
        for (const [dependency, now] of states) {
          const { breaker } = now();
          for (const state of BREAKER_STATES) this.set({ dependency, state }, Number(state === breaker));
        }
      },
    });
    gauge('mcp_dependency_bulkhead_in_use', 'Attempts on a dependency that run.', (state) => state.in_use);
    gauge('mcp_dependency_bulkhead_queued', 'Attempts that wait for a place.', (state) => state.queued);

    function gauge(name: string, help: string, value: (state: DependencyState) => number): void {
      new Gauge({
        name,
        help,
        labelNames: ['dependency'],
        registers,
        collect() {
          for (const [dependency, now] of states) this.set({ dependency }, value(now()));
        },
      });
    }
  }
}
