import { GantryError } from '@gantry/errors';
import { Breaker, type BreakerState } from './breaker.ts';
import { Bulkhead } from './bulkhead.ts';
import type { CallOutcome, DependencyMetrics, DependencyRecorder } from './dependency-metrics.ts';
import { isCancelled, isTransient, timedOut, unavailable } from './failures.ts';
import { withDefaults, type DependencyOptions } from './options.ts';
import { Refusal } from './refusal.ts';
import { Retries } from './retries.ts';
import { RetryBudget } from './retry-budget.ts';
import { TimeLimit } from './time-limit.ts';

/** One attempt, as the work sees it. */
export interface Attempt {
  /** Aborted when the attempt's time is up or the caller goes away. Pass it to whatever is waited for. */
  readonly signal: AbortSignal;
  /** When the attempt must be over, in milliseconds of `performance.now()`. */
  readonly deadline: number;
  /** 1, and more for retries. */
  readonly number: number;
}

/** How one call is to be made. */
export interface CallOptions {
  /** On whose time: a `ToolCall`, or whatever has its signal and deadline. The call ends with it at the latest. */
  readonly within?: { readonly signal?: AbortSignal; readonly deadline?: number };
  /** Doing it twice is as good as doing it once. Nothing is retried unless the caller says so. */
  readonly idempotent?: boolean;
}

/** How a dependency is. Field names are wire format: they are shown by the health endpoint. */
export interface DependencyState {
  breaker: BreakerState;
  in_use: number;
  queued: number;
}

/** Something remote that may be slow, wrong or away. Made by {@link Resilience.dependency}, once, and shared by all who call it. */
export class Dependency {
  readonly #limits: ReturnType<typeof withDefaults>;
  readonly #isRetryable: (error: unknown) => boolean;
  readonly #breaker: Breaker;
  readonly #bulkhead: Bulkhead;
  readonly #budget: RetryBudget;
  readonly #retries: Retries;
  readonly #recorder: DependencyRecorder;

  constructor(
    readonly name: string,
    options: DependencyOptions,
    metrics: DependencyMetrics,
    onBreakerChange: (state: BreakerState) => void,
  ) {
    const limits = withDefaults(options);
    this.#limits = limits;
    this.#isRetryable = options.isRetryable ?? isTransient;
    this.#recorder = metrics.watch(name, () => this.state());
    this.#bulkhead = new Bulkhead(name, limits.bulkhead);
    this.#budget = new RetryBudget(limits.retryBudget);
    this.#retries = new Retries(limits.retry, this.#budget, () => this.#recorder.budgetGone());
    this.#breaker = new Breaker(name, {
      ...limits.breaker,
      isFailure: (error) => this.#isFailure(error),
      onChange: onBreakerChange,
    });
  }

  /**
   * Calls the dependency. `work` is one attempt: everything that waits for the dependency, also reading the body of
   * a response, and throwing what a status means.
   *
   * @throws GantryError `timeout` when the time is up, `cancelled` when the caller goes away,
   * `dependency_unavailable` when the dependency is away, not to be asked at the moment, or asked by too many
   * @throws what `work` throws, if it is a `GantryError` or not the dependency's fault
   */
  async run<T>(work: (attempt: Attempt) => Promise<T>, options: CallOptions = {}): Promise<T> {
    const startedAt = performance.now();
    try {
      const answer = await this.#call(work, options);
      this.#recorder.settled('ok', startedAt);
      return answer;
    } catch (error) {
      this.#recorder.settled(this.#outcomeOf(error), startedAt);
      throw error instanceof GantryError || !this.#isFailure(error) ? error : unavailable(this.name, error);
    }
  }

  /** How the dependency is, as far as the calls of this process have shown. */
  state(): DependencyState {
    return { breaker: this.#breaker.state, in_use: this.#bulkhead.inUse, queued: this.#bulkhead.queued };
  }

  async #call<T>(
    work: (attempt: Attempt) => Promise<T>,
    { within: { signal, deadline = Infinity } = {}, idempotent = false }: CallOptions,
  ): Promise<T> {
    const remaining = Math.min(this.#limits.deadlineMs, deadline - performance.now());
    if (remaining <= 0) throw timedOut(this.name);
    const limit = new TimeLimit(remaining, () => timedOut(this.name), signal);
    try {
      return await this.#retries.run(
        (number) => this.#attempt(work, number, limit),
        limit,
        (error) => idempotent && this.#mayRepeat(error),
      );
    } finally {
      limit.end();
    }
  }

  async #attempt<T>(work: (attempt: Attempt) => Promise<T>, number: number, call: TimeLimit): Promise<T> {
    // A call that is over must not be the one by which the breaker finds out whether the dependency is back.
    call.signal.throwIfAborted();
    // Before the wait for a place, so that nobody waits for a dependency that is away; `run` asks again after it.
    this.#breaker.admit();
    const leave = await this.#bulkhead.enter(call.signal);
    const limit = new TimeLimit(
      Math.min(this.#limits.attemptMs, call.remaining),
      () => timedOut(this.name),
      call.signal,
    );
    let running: Promise<T> | undefined;
    const start = async (): Promise<T> => {
      if (number === 1) this.#budget.earn();
      else this.#recorder.retried();
      return work({ signal: limit.signal, deadline: limit.deadline, number });
    };
    try {
      return await this.#breaker.run(() => limit.bound(() => (running = start())));
    } finally {
      limit.end();
      // Work that ignores its signal keeps its place until it really ends: the dependency still has to bear it.
      if (running === undefined) leave();
      else void running.then(leave, leave);
    }
  }

  /** A breaker that this very failure has opened would refuse the retry, and hide why. */
  #mayRepeat(error: unknown): boolean {
    return !(error instanceof Refusal) && this.#breaker.state === 'closed' && this.#isRetryable(error);
  }

  /** What the dependency is to blame for. A refusal by its rules, or of this very call, shows that it works. */
  #isFailure(error: unknown): boolean {
    return error instanceof GantryError ? error.category === 'server_error' : this.#isRetryable(error);
  }

  #outcomeOf(error: unknown): CallOutcome {
    if (error instanceof Refusal) return error.reason;
    if (error instanceof GantryError && error.code === 'timeout') return 'timeout';
    if (isCancelled(error)) return 'cancelled';
    return this.#isFailure(error) ? 'unavailable' : 'error';
  }
}
