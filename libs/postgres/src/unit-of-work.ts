import postgres from 'postgres';
import { cancelPending } from './cancellation.ts';
import { CONFIRM_MS, type Connection } from './connection.ts';
import { statement, type DriverQuery, type SqlResult } from './driver.ts';
import {
  abortError,
  asDatabaseError,
  IN_FAILED_TRANSACTION,
  sqlState,
  timeoutError,
  unavailable,
} from './error-mapping.ts';
import { Lease } from './lease.ts';
import type { Pool } from './pool.ts';
import { forbidden } from './statement-guard.ts';
import { transactionStart, type Mode } from './transaction-start.ts';

/** On whose behalf a unit of work runs, and how long it may. */
export interface Scope {
  /** Row-level security shows and accepts rows of this tenant alone. */
  readonly tenant: string;
  /** Aborting it cancels the running statement and rolls back. */
  readonly signal?: AbortSignal;
  /** When the work must be over, in milliseconds of `performance.now()`. */
  readonly deadline?: number;
}

/** What a unit of work runs on. */
export interface Engine {
  readonly pool: Pool;
  /** Connections for housekeeping, beside the pool. */
  readonly control: Pool;
}

const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * One tenant, one connection, one transaction.
 *
 * Nothing is sent before the first query, and only answers that the work needs are waited for: the start of the
 * transaction goes out in front of the first query, the commit of a read behind the last.
 */
export class UnitOfWork {
  readonly mode: Mode;
  readonly tenant: string;
  readonly lease = new Lease(this);
  readonly #engine: Engine;
  readonly #signal: AbortSignal | undefined;
  readonly #deadline: number;
  /** Who may run SQL now: the innermost savepoint; nobody when the unit is over. */
  #holder: Lease | undefined = this.lease;
  #savepointsInServer = 0;
  #connection: Connection | undefined;
  #acquiring: Promise<void> | undefined;
  /** What waits for the connection. */
  #queue: DriverQuery[] = [];
  /** The first error in the transaction; it explains those that follow. */
  #failure: unknown;
  /** Why there is no transaction to run queries in. */
  #broken: unknown;
  #aborted: Error | undefined;
  #undone: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(engine: Engine, mode: Mode, scope: Scope) {
    if (scope.tenant === '') throw new Error('A unit of work needs a tenant.');
    this.#engine = engine;
    this.mode = mode;
    this.tenant = scope.tenant;
    this.#signal = scope.signal;
    this.#deadline = scope.deadline ?? Infinity;
  }

  get isOver(): boolean {
    return this.#holder === undefined;
  }

  /** Why no more work may be done: aborted, or out of time. */
  get interruption(): Error | undefined {
    return this.#abortReason() ?? (performance.now() > this.#deadline ? timeoutError() : undefined);
  }

  /** Sends a query of the work. */
  send(query: DriverQuery, lease: Lease): void {
    const refusal = this.#refusal(lease) ?? forbidden(query);
    if (refusal) return query.reject(refusal);
    this.#setSavepoint(lease);
    const { resolve, reject } = query;
    query.resolve = (value) => {
      // Without its transaction it did not look with the eyes of the tenant, whatever it found.
      if (this.#broken) reject(this.#explain(this.#broken));
      else resolve(value);
    };
    query.reject = (error) => {
      this.#failure ??= error;
      reject(this.#explain(error));
    };
    this.#dispatch(query);
  }

  /** Makes the work stand. Rejects if it does not, or if nobody can tell. */
  async commit(): Promise<void> {
    // Queries that nobody awaited may still wait for a connection.
    if (this.#queue.length > 0) await this.#acquiring;
    const interruption = this.interruption;
    if (interruption) return this.rollback(interruption);
    this.#finish();
    if (this.mode === 'read') return this.#commitRead();
    if (this.#connection) return this.#commitWrite(this.#connection);
    if (this.#broken) throw this.#explain(this.#broken);
  }

  /** Undoes the work, then rejects with what the caller is told. */
  async rollback(error: unknown): Promise<never> {
    this.#finish();
    await (this.#undone ??= this.#undo());
    throw this.#abortReason() ?? error;
  }

  /** Begins a savepoint around the code that gets the new lease. Costs nothing until that code runs SQL. */
  openSavepoint(parent: Lease): Lease {
    if (this.#holder !== parent) throw this.#refusal(parent);
    return (this.#holder = new Lease(this, parent));
  }

  /** Ends a savepoint whose work is to stand. Throws if it cannot, because one of its statements failed. */
  closeSavepoint(lease: Lease): void {
    if (this.#failure !== undefined) throw this.#swallowed();
    this.#leave(lease);
  }

  /** Ends a savepoint and takes back what was done under it. */
  undoSavepoint(lease: Lease): void {
    if (!this.#leave(lease) || !lease.isSet || this.#aborted) return;
    this.#savepointsInServer = lease.depth;
    this.#failure = undefined;
    this.#command(`rollback to savepoint s${lease.depth}`);
  }

  #refusal(lease: Lease): Error | undefined {
    const interruption = this.interruption;
    if (interruption) return interruption;
    if (this.#broken) return this.#explain(this.#broken);
    if (this.#holder === lease) return undefined;
    return new Error(
      this.isOver
        ? 'The unit of work is over: something it started went on without being awaited.'
        : 'SQL outside of the innermost savepoint: savepoints of one unit of work must not overlap.',
    );
  }

  /** Sets the savepoints around a query that are not set in the server yet, outermost first. */
  #setSavepoint(lease: Lease): void {
    if (lease.isSet || !lease.parent) return;
    this.#setSavepoint(lease.parent);
    lease.isSet = true;
    const name = `s${lease.depth}`;
    // One left by an earlier savepoint of the same depth is released only now, which saves a message.
    const release = this.#savepointsInServer >= lease.depth ? `release savepoint ${name}; ` : '';
    this.#savepointsInServer = lease.depth;
    this.#command(`${release}savepoint ${name}`);
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

  /** Sends a statement of our own whose answer nobody waits for: if it fails, so does what follows. */
  #command(text: string): void {
    const command = statement(text);
    command.catch((error: unknown) => (this.#failure ??= error));
    this.#dispatch(command);
  }

  #dispatch(query: DriverQuery): void {
    if (this.#connection) return this.#connection.send(query);
    this.#queue.push(query);
    if (!this.#acquiring) this.#acquire();
  }

  #acquire(): void {
    this.#arm();
    const { pool } = this.#engine;
    const idle = pool.take();
    if (idle) return this.#begin(idle);
    this.#acquiring = pool.acquire({ signal: this.#signal, deadline: this.#deadline }).then(
      (connection) => (this.#undone ? pool.release(connection) : this.#begin(connection)),
      (error: unknown) => {
        this.#broken = error;
        this.#rejectQueue(error);
      },
    );
  }

  #begin(connection: Connection): void {
    this.#connection = connection;
    const begin = statement(connection.takeCommit() + transactionStart(this.mode, this.tenant, this.#deadline));
    const { reject } = begin;
    // Noted before the answers behind it are looked at.
    begin.reject = (error) => {
      this.#broken = this.#failure = error;
      reject(error);
    };
    begin.catch(() => {});
    connection.send(begin);
    const queue = this.#queue;
    this.#queue = [];
    for (const query of queue) connection.send(query);
  }

  /** Nobody waits: a read has nothing to lose in its commit. */
  #commitRead(): void {
    const connection = this.#connection;
    if (!connection || connection.closed) return;
    const { pool } = this.#engine;
    if (connection.pending === 0) {
      connection.commitLater();
      pool.release(connection);
      return;
    }
    // Queries that nobody awaited are still running.
    connection.run('commit', CONFIRM_MS).then(
      () => pool.release(connection),
      () => connection.close(),
    );
  }

  async #commitWrite(connection: Connection): Promise<void> {
    if (connection.closed) throw unavailable('The connection to the database was lost and the call undone.');
    let outcome: SqlResult;
    try {
      outcome = await connection.run('commit', CONFIRM_MS);
    } catch (error) {
      if (error instanceof postgres.PostgresError) {
        await this.#rollbackIn(connection);
        throw this.#explain(error);
      }
      connection.close();
      throw unavailable('The database was lost during the commit: whether the call took effect is not known.', error);
    }
    this.#engine.pool.release(connection);
    // Postgres answers the commit of a failed transaction with ROLLBACK.
    if (outcome.command !== 'COMMIT' || this.#broken) throw this.#swallowed();
  }

  async #undo(): Promise<void> {
    this.#disarm();
    this.#rejectQueue(this.#aborted ?? new Error('The unit of work was rolled back.'));
    const connection = this.#connection;
    if (!connection) return;
    await cancelPending(connection, this.#engine.control);
    await this.#rollbackIn(connection);
  }

  async #rollbackIn(connection: Connection): Promise<void> {
    try {
      await connection.run('rollback', CONFIRM_MS);
    } catch {
      connection.close();
    }
    this.#engine.pool.release(connection);
  }

  #rejectQueue(error: unknown): void {
    const queue = this.#queue;
    this.#queue = [];
    for (const query of queue) query.reject(error);
  }

  #finish(): void {
    this.#holder = undefined;
    this.#disarm();
  }

  #arm(): void {
    this.#signal?.addEventListener('abort', this.#onAbort);
    const remaining = this.#deadline - performance.now();
    if (Number.isFinite(remaining)) {
      this.#timer = setTimeout(() => this.#abort(timeoutError()), Math.min(remaining, MAX_TIMER_MS));
    }
  }

  #disarm(): void {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    clearTimeout(this.#timer);
  }

  readonly #onAbort = (): void => this.#abort(abortError(this.#signal!));

  #abort(reason: Error): void {
    this.#aborted = reason;
    this.#undone ??= this.#undo();
  }

  #abortReason(): Error | undefined {
    return this.#aborted ?? (this.#signal?.aborted ? abortError(this.#signal) : undefined);
  }

  #explain(error: unknown): Error {
    if (this.#aborted) return this.#aborted;
    const cause = sqlState(error) === IN_FAILED_TRANSACTION ? (this.#failure ?? error) : error;
    return asDatabaseError(cause) ?? (cause as Error);
  }

  /** The work went on as if nothing had happened. */
  #swallowed(): Error {
    return new Error('A statement failed and its error was not passed on: the transaction could not be committed.', {
      cause: this.#failure,
    });
  }
}
