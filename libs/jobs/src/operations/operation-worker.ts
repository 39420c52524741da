import { Config } from '@gantry/config';
import { Log, Metrics } from '@gantry/observability';
import { Database } from '@gantry/postgres';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { jobsSettings } from '../settings.ts';
import { OperationExecution, type ExecutionContext, type ExecutionOutcome } from './operation-execution.ts';
import { OperationHandlers } from './operation-handlers.ts';
import { OperationStore, type Claim } from './operation-store.ts';

/** How often a replica with room looks for operations. */
const POLL_MS = 500;

/** Handlers that do not end by then at shutdown are left behind: they can write nothing once they are taken over. */
const STOP_MS = 10_000;

const FORGET_MS = 10 * 60_000;
const FORGET_BATCH = 1_000;

const OUTCOMES: readonly ExecutionOutcome[] = ['succeeded', 'failed', 'lost', 'given back'];

/** Runs operations on this replica: those that wait, and those whose replica has fallen silent. */
@Injectable()
export class OperationWorker implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #context: ExecutionContext;
  readonly #concurrency: number;
  readonly #runs = new Map<OperationExecution, Promise<void>>();
  readonly #stopping = new AbortController();
  readonly #outcomes: Counter<'outcome'>;
  #polling: Promise<void> = Promise.resolve();
  #forgetAt = performance.now() + FORGET_MS * Math.random();

  constructor(
    database: Database,
    private readonly store: OperationStore,
    private readonly handlers: OperationHandlers,
    private readonly log: Log,
    config: Config,
    { registry }: Metrics,
  ) {
    const { operationConcurrency, operationLeaseSeconds, operationRetentionHours } = config.get(jobsSettings);
    this.#concurrency = operationConcurrency;
    this.#context = {
      database,
      store,
      handlers,
      log,
      leaseSeconds: operationLeaseSeconds,
      retentionHours: operationRetentionHours,
    };
    const runs = this.#runs;
    this.#outcomes = new Counter({
      name: 'mcp_operation_runs_total',
      help: 'Runs of operations on this replica by outcome: succeeded, failed, lost or given back.',
      labelNames: ['outcome'],
      registers: [registry],
    });
    // Series that are there from the start let rate() see the first run.
    for (const outcome of OUTCOMES) this.#outcomes.inc({ outcome }, 0);
    new Gauge({
      name: 'mcp_operations_active',
      help: 'Operations that this replica runs.',
      registers: [registry],
      collect() {
        this.set(runs.size);
      },
    });
  }

  /** Begins to look for work. */
  onApplicationBootstrap(): void {
    if (this.#concurrency > 0 && this.handlers.kinds.length > 0) this.#polling = this.#poll();
  }

  /** Gives back what is running, so that other replicas go on with it at once. */
  async onModuleDestroy(): Promise<void> {
    this.#stopping.abort();
    await this.#polling;
    for (const run of this.#runs.keys()) run.stop();
    await Promise.race([Promise.all(this.#runs.values()), pause(STOP_MS)]);
  }

  async #poll(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await this.#takeWork();
        await this.#forget();
      } catch (error) {
        this.log.warn({ err: error }, 'Operations could not be looked for.');
      }
      // A run that ends makes room for the next.
      await Promise.race([pause(POLL_MS, signal), ...this.#runs.values()]);
    }
  }

  async #takeWork(): Promise<void> {
    const room = this.#concurrency - this.#runs.size;
    if (room === 0) return;
    const claims = await this.store.claim(this.handlers.kinds, room, this.#context.leaseSeconds);
    for (const claim of claims) this.#run(claim);
  }

  #run(claim: Claim): void {
    const execution = new OperationExecution(this.#context, claim);
    const run = execution
      .run()
      .then((outcome) => this.#outcomes.inc({ outcome }))
      .catch((error: unknown) => {
        this.log.warn({ err: error, operation: claim.id }, 'The end of an operation could not be recorded.');
      })
      .finally(() => this.#runs.delete(execution));
    this.#runs.set(execution, run);
  }

  async #forget(): Promise<void> {
    if (performance.now() < this.#forgetAt) return;
    const forgotten = await this.store.forget(FORGET_BATCH);
    this.#forgetAt = performance.now() + (forgotten < FORGET_BATCH ? FORGET_MS : 0);
  }
}

/** Resolves after a while, or as soon as the signal is aborted. */
function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds).unref();
    signal?.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
