import postgres from 'postgres';
import { cancelPending } from './cancellation.ts';
import { CONFIRM_MS, type Connection } from './connection.ts';
import { intercept, statement, type DriverQuery, type SqlResult } from './driver.ts';
import { asDatabaseError, IN_FAILED_TRANSACTION, sqlState, unavailable } from './error-mapping.ts';
import type { Patience, Pool } from './pool.ts';
import { transactionStart, type Mode } from './transaction-start.ts';

/** What transactions run on. */
export interface Engine {
  readonly pool: Pool;
  /** Connections for housekeeping, beside the pool. */
  readonly control: Pool;
}

/**
 * A transaction on a connection of its own, from the wait for the connection to its return.
 *
 * Only answers that somebody needs are waited for: the start goes out in front of the first query, and the commit
 * of a read behind its answer. So each query has to be told if what went before it failed.
 */
export class Transaction {
  readonly #engine: Engine;
  readonly #mode: Mode;
  readonly #tenant: string;
  readonly #patience: Patience;
  #connection: Connection | undefined;
  /** Set while there is no connection yet, with what waits for it. */
  #acquiring: Promise<void> | undefined;
  #queue: DriverQuery[] = [];
  /** The first error; it explains those that follow. */
  #failure: unknown;
  /** Why the transaction never began. */
  #broken: unknown;
  #undoneBecause: Error | undefined;
  #undone: Promise<void> | undefined;

  constructor(engine: Engine, mode: Mode, tenant: string, patience: Patience) {
    this.#engine = engine;
    this.#mode = mode;
    this.#tenant = tenant;
    this.#patience = patience;
    const idle = engine.pool.take();
    if (idle) this.#begin(idle);
    else this.#acquiring = this.#acquire();
  }

  /** True while queries wait for the connection. */
  get isWaiting(): boolean {
    return this.#queue.length > 0;
  }

  /** Resolves when the wait for the connection is over, whatever its end. */
  async started(): Promise<void> {
    await this.#acquiring;
  }

  /** Has a statement failed, so that the transaction can only be rolled back? */
  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  /** Sends a query of the work; its errors are what a caller may be told. */
  send(query: DriverQuery): void {
    if (this.#broken) return query.reject(this.#explain());
    intercept(query, {
      resolve: (value, { resolve, reject }) => {
        // Without its transaction it did not look with the eyes of the tenant, whatever it found.
        if (this.#broken) reject(this.#explain());
        else resolve(value);
      },
      reject: (error, { reject }) => {
        this.#failure ??= error;
        reject(this.#explain(error));
      },
    });
    this.#dispatch(query);
  }

  /** Sends a statement of our own whose answer nobody waits for: if it fails, so does what follows. */
  command(text: string): void {
    const command = statement(text);
    command.catch((error: unknown) => (this.#failure ??= error));
    this.#dispatch(command);
  }

  /** Sends what undoes everything since a savepoint, a failure included. */
  rollbackTo(savepoint: string): void {
    this.#failure = undefined;
    this.command(`rollback to savepoint ${savepoint}`);
  }

  /** What is wrong with work that goes on as if a statement had not failed. */
  hiddenFailure(): Error {
    return new Error('A statement failed and its error was not passed on, so the transaction cannot stand.', {
      cause: this.#failure ?? this.#broken,
    });
  }

  /** Makes it stand. Rejects if it does not, or if nobody can tell. */
  async commit(): Promise<void> {
    const connection = this.#connection;
    if (this.#mode === 'read') {
      if (connection) this.#commitRead(connection);
    } else if (connection) {
      await this.#commitWrite(connection);
    } else if (this.#broken) {
      throw this.#explain();
    }
  }

  /** Cancels what runs, rolls back and gives the connection back. Never rejects. */
  undo(because: Error): Promise<void> {
    this.#undoneBecause ??= because;
    return (this.#undone ??= this.#undo(because));
  }

  #dispatch(query: DriverQuery): void {
    if (this.#connection) this.#connection.send(query);
    else this.#queue.push(query);
  }

  async #acquire(): Promise<void> {
    const { pool } = this.#engine;
    try {
      const connection = await pool.acquire(this.#patience);
      if (this.#undone) pool.release(connection);
      else this.#begin(connection);
    } catch (error) {
      this.#broken = error;
      this.#rejectQueue(error);
    }
  }

  #begin(connection: Connection): void {
    this.#connection = connection;
    const { deadline } = this.#patience;
    const begin = statement(connection.takeCommit() + transactionStart(this.#mode, this.#tenant, deadline));
    intercept(begin, {
      reject: (error, { reject }) => {
        // Noted at once: the answers behind this one come in the same turn.
        this.#broken = this.#failure = error;
        reject(error);
      },
    });
    begin.catch(() => {});
    connection.send(begin);
    for (const query of this.#queue.splice(0)) connection.send(query);
  }

  /** Nobody waits: a read has nothing to lose in its commit. */
  #commitRead(connection: Connection): void {
    const { pool } = this.#engine;
    if (connection.closed) return;
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
        await this.#rollback(connection);
        throw this.#explain(error);
      }
      connection.close();
      const message = 'The database was lost during the commit: whether the call took effect is not known.';
      throw unavailable(message, error);
    }
    this.#engine.pool.release(connection);
    // Postgres answers the commit of a failed transaction with ROLLBACK.
    if (outcome.command !== 'COMMIT' || this.#broken) throw this.hiddenFailure();
  }

  async #undo(because: Error): Promise<void> {
    this.#rejectQueue(because);
    const connection = this.#connection;
    if (!connection) return;
    await cancelPending(connection, this.#engine.control);
    await this.#rollback(connection);
  }

  async #rollback(connection: Connection): Promise<void> {
    try {
      await connection.run('rollback', CONFIRM_MS);
    } catch {
      connection.close();
    }
    this.#engine.pool.release(connection);
  }

  #rejectQueue(error: unknown): void {
    for (const query of this.#queue.splice(0)) query.reject(error);
  }

  #explain(error?: unknown): Error {
    if (this.#undoneBecause) return this.#undoneBecause;
    const cause =
      this.#broken ?? (sqlState(error) === IN_FAILED_TRANSACTION ? (this.#failure ?? error) : error);
    return asDatabaseError(cause) ?? (cause as Error);
  }
}
