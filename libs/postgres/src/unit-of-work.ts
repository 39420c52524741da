import type { DriverQuery } from './driver.ts';
import { abortError, timeoutError } from './error-mapping.ts';
import { Lease } from './lease.ts';
import { forbidden } from './statement-guard.ts';
import { Transaction, type Engine } from './transaction.ts';
import type { Mode } from './transaction-start.ts';

/** On whose behalf a unit of work runs, and how long it may. */
export interface Scope {
  /** Row-level security shows and accepts rows of this tenant alone. */
  readonly tenant: string;
  /** Aborting it cancels the running statement and rolls back. */
  readonly signal?: AbortSignal;
  /** When the work must be over, in milliseconds of `performance.now()`. */
  readonly deadline?: number;
}

/**
 * The tenant of units of work that are for no tenant alone: they find or purge what belongs to many, through functions
 * that see it all. A unit of work needs a tenant, and which one is named makes no difference there.
 */
export const NO_TENANT = '(none)';

/** The longest delay of a timer. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * What happens in one transaction: who may take part, until when, and how it ends. It has no transaction, and
 * costs next to nothing, until its work runs SQL.
 */
export class UnitOfWork {
  readonly mode: Mode;
  readonly tenant: string;
  readonly lease = new Lease(this);
  readonly #engine: Engine;
  readonly #signal: AbortSignal | undefined;
  readonly #deadline: number;
  #transaction: Transaction | undefined;
  /** Who may run SQL now: the innermost savepoint; nobody when the unit is over. */
  #holder: Lease | undefined = this.lease;
  #savepointsInServer = 0;
  #afterCommit: (() => void)[] = [];
  #aborted: Error | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(engine: Engine, mode: Mode, scope: Scope) {
    if (!scope.tenant || scope.tenant.includes('\0')) throw new Error('A unit of work needs a tenant.');
    this.#engine = engine;
    this.mode = mode;
    this.tenant = scope.tenant;
    this.#signal = scope.signal;
    this.#deadline = scope.deadline ?? Infinity;
  }

  get isOver(): boolean {
    return this.#holder === undefined;
  }

  /** Has it run SQL? */
  get hasBegun(): boolean {
    return this.#transaction !== undefined;
  }

  /** Why no more work may be done: aborted, or out of time. */
  get interruption(): Error | undefined {
    return this.#abortReason() ?? (performance.now() > this.#deadline ? timeoutError() : undefined);
  }

  /** Sends a query of the work. */
  send(query: DriverQuery, lease: Lease): void {
    const refusal = this.#refusal(lease) ?? forbidden(query);
    if (refusal) return query.reject(refusal);
    const transaction = (this.#transaction ??= this.#start());
    this.#setSavepoint(lease, transaction);
    transaction.send(query);
  }

  /** Makes the work stand. Rejects if it does not, or if nobody can tell. */
  async commit(): Promise<void> {
    // Queries that nobody awaited may still wait for a connection.
    if (this.#transaction?.isWaiting) await this.#transaction.started();
    const interruption = this.interruption;
    if (interruption) return this.rollback(interruption);
    this.#finish();
    try {
      await this.#transaction?.commit();
    } finally {
      // Also if it rejects: then the work may stand all the same.
      for (const effect of this.#afterCommit) effect();
    }
  }

  /** Notes what to call once the work stands. */
  afterCommit(effect: () => void, lease: Lease): void {
    const refusal = this.#refusal(lease);
    if (refusal) throw refusal;
    if (this.mode === 'read') throw new Error('A read has no commit to wait for.');
    this.#afterCommit.push(effect);
  }

  /** Undoes the work, then rejects with what the caller is told. */
  async rollback(error: unknown): Promise<never> {
    this.#finish();
    await this.#transaction?.undo(this.#aborted ?? new Error('The unit of work was rolled back.'));
    throw this.#abortReason() ?? error;
  }

  /** Begins a savepoint around the code that gets the new lease. Costs nothing until that code runs SQL. */
  openSavepoint(parent: Lease): Lease {
    const refusal = this.#refusal(parent);
    if (refusal) throw refusal;
    return (this.#holder = new Lease(this, parent, this.#afterCommit.length));
  }

  /** Ends a savepoint whose work is to stand. Throws if it cannot, because one of its statements failed. */
  closeSavepoint(lease: Lease): void {
    if (this.#transaction?.hasFailed) throw this.#transaction.hiddenFailure();
    this.#leave(lease);
  }

  /** Ends a savepoint and takes back what was done under it. */
  undoSavepoint(lease: Lease): void {
    if (!this.#leave(lease)) return;
    this.#afterCommit.length = lease.effectsBefore;
    if (!lease.isSet || this.#aborted) return;
    this.#savepointsInServer = lease.depth;
    this.#transaction!.rollbackTo(lease.savepoint);
  }

  #refusal(lease: Lease): Error | undefined {
    const interruption = this.interruption;
    if (interruption) return interruption;
    if (this.#holder === lease) return undefined;
    return new Error(
      this.isOver
        ? 'The unit of work is over: something it started went on without being awaited.'
        : 'SQL outside of the innermost savepoint: savepoints of one unit of work must not overlap.',
    );
  }

  /** Sets the savepoints around a query that are not set in the server yet, outermost first. */
  #setSavepoint(lease: Lease, transaction: Transaction): void {
    if (lease.isSet || !lease.parent) return;
    this.#setSavepoint(lease.parent, transaction);
    lease.isSet = true;
    // One left by an earlier savepoint of the same depth is released only now, which saves a message.
    const release = this.#savepointsInServer >= lease.depth ? `release savepoint ${lease.savepoint}; ` : '';
    this.#savepointsInServer = lease.depth;
    transaction.command(`${release}savepoint ${lease.savepoint}`);
  }

  /** Takes the right to run SQL from a savepoint and all within it. False if it had been taken before. */
  #leave(lease: Lease): boolean {
    for (let holder = this.#holder; holder; holder = holder.parent) {
      if (holder !== lease) continue;
      this.#holder = lease.parent;
      return true;
    }
    return false;
  }

  #start(): Transaction {
    this.#signal?.addEventListener('abort', this.#onAbort);
    const remaining = this.#deadline - performance.now();
    if (Number.isFinite(remaining)) {
      this.#timer = setTimeout(() => this.#abort(timeoutError()), Math.min(remaining, MAX_TIMER_MS));
    }
    const patience = { signal: this.#signal, deadline: this.#deadline };
    return new Transaction(this.#engine, this.mode, this.tenant, patience);
  }

  /** From here on neither code nor signal nor clock can do anything to it. */
  #finish(): void {
    this.#holder = undefined;
    this.#signal?.removeEventListener('abort', this.#onAbort);
    clearTimeout(this.#timer);
  }

  readonly #onAbort = (): void => this.#abort(abortError(this.#signal!));

  /** Undoes at once, whatever the work is busy with; it learns of it at its next query or its end. */
  #abort(reason: Error): void {
    this.#aborted ??= reason;
    void this.#transaction!.undo(this.#aborted);
  }

  #abortReason(): Error | undefined {
    return this.#aborted ?? (this.#signal?.aborted ? abortError(this.#signal) : undefined);
  }
}
