import { asGantryError, sharedError, type GantryError } from '@gantry/errors';
import { runInContext, type Log } from '@gantry/observability';
import type { Database } from '@gantry/postgres';
import { open } from '../envelope.ts';
import type { KnownHandler, OperationHandlers } from './operation-handlers.ts';
import { OperationHold, OperationLost, overdue } from './operation-hold.ts';
import type { Claim, OperationRow, OperationStore } from './operation-store.ts';
import type { OperationRun } from './operation.ts';

/** Runs without progress after which an operation is given up. */
const MAX_ATTEMPTS = 5;

const MAX_PAUSE_SECONDS = 60;

/** What executions share. */
export interface ExecutionContext {
  readonly database: Database;
  readonly store: OperationStore;
  readonly handlers: OperationHandlers;
  readonly log: Log;
  readonly leaseSeconds: number;
  readonly retentionHours: number;
}

/** How an execution ended, for the metrics. */
export type ExecutionOutcome = 'succeeded' | 'failed' | 'lost' | 'given back';

/** This replica stops; another one goes on. */
class ReplicaStops extends Error {
  override readonly name = 'ReplicaStops';
}

/** One run of a claimed operation, from its last checkpoint to its end or that of this replica. */
export class OperationExecution {
  readonly #hold: OperationHold;

  constructor(
    private readonly context: ExecutionContext,
    private readonly claim: Claim,
  ) {
    this.#hold = new OperationHold(context.store, claim, context.leaseSeconds, context.log);
  }

  /** Makes the run give its operation back. */
  stop(): void {
    this.#hold.abort(new ReplicaStops('The replica stops.'));
  }

  /** Runs. Rejects only if the database cannot be told how it ended; then the lease runs out. */
  async run(): Promise<ExecutionOutcome> {
    try {
      const row = await this.context.store.load(this.claim);
      if (!row) return 'lost';
      const { tenant } = this.claim;
      const callContext = { requestId: row.request_id, tenant, tool: row.tool };
      return await runInContext(callContext, () => this.#runLoaded(row));
    } finally {
      await this.#hold.release();
    }
  }

  async #runLoaded(row: OperationRow): Promise<ExecutionOutcome> {
    let result: unknown;
    try {
      result = await this.#work(row);
    } catch (thrown) {
      return this.#end(row, thrown);
    }
    try {
      return await this.#finish({ result }, 'succeeded');
    } catch (thrown) {
      // A result that cannot be stored.
      return this.#end(row, thrown);
    }
  }

  async #work(row: OperationRow): Promise<unknown> {
    if (row.is_overdue) throw overdue();
    if (row.attempts > MAX_ATTEMPTS) {
      throw sharedError(
        'internal_error',
        `The operation was given up: ${MAX_ATTEMPTS} runs ended without progress.`,
      );
    }
    const known = this.context.handlers.find(row.kind)!;
    const { contract, handler } = known;
    const result = await handler.run(open(contract.input, row.input), this.#runOf(row, known));
    return open(contract.result, result);
  }

  #runOf(row: OperationRow, { contract }: KnownHandler): OperationRun<unknown> {
    const { database, store, leaseSeconds } = this.context;
    const { claim } = this;
    const { signal } = this.#hold;
    const { tenant } = claim;
    const scope = { tenant, signal };
    return {
      id: row.id,
      owner: { tenant, subject: row.subject, client: row.client },
      state: row.state === null ? undefined : open(contract.state, row.state),
      signal,
      scope,
      checkpoint: (work) =>
        database.write(scope, async () => {
          const kept = await work();
          if (!(await store.keep(claim, kept, leaseSeconds))) throw new OperationLost();
        }),
    };
  }

  async #end(row: OperationRow, thrown: unknown): Promise<ExecutionOutcome> {
    const reason: unknown = this.#hold.signal.aborted ? this.#hold.signal.reason : thrown;
    if (reason instanceof OperationLost) return 'lost';
    if (reason instanceof ReplicaStops) {
      await this.context.store.giveBack(this.claim, 0, false);
      return 'given back';
    }
    return this.#fail(row, asGantryError(reason));
  }

  async #fail(row: OperationRow, error: GantryError): Promise<ExecutionOutcome> {
    const { log, store } = this.context;
    const fields = { operation: row.id, kind: row.kind, attempt: row.attempts, err: error };
    if (
      error.retryable &&
      !row.is_overdue &&
      error !== this.#hold.signal.reason &&
      row.attempts < MAX_ATTEMPTS
    ) {
      log.warn(fields, 'An operation failed and goes on from its last checkpoint in a moment.');
      await store.giveBack(this.claim, pauseSeconds(row.attempts), true);
      return 'given back';
    }
    // A refusal is the caller's affair, and is told to the caller in full.
    if (error.category === 'server_error') log.error(fields, 'An operation failed.');
    else log.info({ ...fields, err: undefined, code: error.code }, 'An operation was refused.');
    return this.#finish({ error: error.toEnvelope() }, 'failed');
  }

  async #finish(
    ending: Parameters<OperationStore['finish']>[1],
    outcome: 'succeeded' | 'failed',
  ): Promise<ExecutionOutcome> {
    const { store, retentionHours } = this.context;
    return (await store.finish(this.claim, ending, retentionHours)) ? outcome : 'lost';
  }
}

function pauseSeconds(attempts: number): number {
  return Math.min(MAX_PAUSE_SECONDS, 2 ** attempts) * (0.5 + Math.random() / 2);
}
