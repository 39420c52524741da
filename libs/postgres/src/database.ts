import { AsyncLocalStorage } from 'node:async_hooks';
import type { Secret } from '@gantry/config';
import { Injectable } from '@nestjs/common';
import { routedSql, type Sql } from './driver.ts';
import type { Lease } from './lease.ts';
import { Pool, type PoolState } from './pool.ts';
import type { Mode } from './transaction-start.ts';
import type { Engine } from './transaction.ts';
import { UnitOfWork, type Scope } from './unit-of-work.ts';

/** How a {@link Database} connects; `postgresSettings` yields one. */
export interface DatabaseOptions {
  /** Of the service role. Its rotation replaces every connection as soon as it is free. */
  readonly databaseUrl: Secret;
  readonly poolSize: number;
  readonly connectTimeoutMs: number;
  readonly maxLifetimeSeconds: number;
  /** For statements of a unit of work that has no deadline. */
  readonly statementTimeoutMs: number;
  readonly applicationName: string;
}

/**
 * Units of work: one tenant, one connection, one transaction.
 *
 * @example
 * ```ts
 * await database.write({ tenant, signal, deadline }, async () => {
 *   const { sql } = database;
 *   await sql`insert into orders ${sql(order)}`;
 * });
 * ```
 */
@Injectable()
export class Database {
  readonly #engine: Engine;
  readonly #sql: Sql;
  readonly #leases = new AsyncLocalStorage<Lease>();
  readonly #stopFollowing: () => void;

  private constructor(engine: Engine, stopFollowing: () => void) {
    this.#engine = engine;
    this.#sql = routedSql(() => this.#lease().send);
    this.#stopFollowing = stopFollowing;
  }

  /** Makes a database. It connects when it is first used. */
  static open(options: DatabaseOptions): Database {
    const { databaseUrl } = options;
    const poolOptions = {
      url: () => databaseUrl.value(),
      size: options.poolSize,
      maxLifetimeMs: options.maxLifetimeSeconds * 1_000,
      connectTimeoutMs: options.connectTimeoutMs,
      statementTimeoutMs: options.statementTimeoutMs,
      applicationName: options.applicationName,
    };
    const pool = new Pool(poolOptions);
    const control = new Pool({ ...poolOptions, size: 1 });
    const stopFollowing = databaseUrl.onRotate(() => {
      pool.renew();
      control.renew();
    });
    return new Database({ pool, control }, stopFollowing);
  }

  /** SQL in the current unit of work. Throws outside of one. */
  get sql(): Sql {
    this.#lease();
    return this.#sql;
  }

  /**
   * The unit of work that this code runs in, if it does: whether it writes, and whether it has run SQL already, so that
   * what it reads from now on may be of an earlier moment.
   */
  get unit(): { readonly mode: Mode; readonly hasBegun: boolean } | undefined {
    const unit = this.#leases.getStore()?.unit;
    return unit && !unit.isOver ? unit : undefined;
  }

  /** How full the pool is. */
  get poolState(): PoolState {
    return this.#engine.pool.state;
  }

  /**
   * Runs `work` in a read-only transaction.
   *
   * Inside a unit of work of the same tenant it joins that: there is one transaction, with the outer one's signal
   * and deadline.
   */
  read<T>(scope: Scope, work: () => Promise<T>): Promise<T> {
    return this.#run('read', scope, work);
  }

  /**
   * Runs `work` in one transaction: commits when it resolves, rolls back when it rejects and when the signal is
   * aborted or the deadline passes before. Joins as {@link Database.read} does, but never a read.
   */
  write<T>(scope: Scope, work: () => Promise<T>): Promise<T> {
    return this.#run('write', scope, work);
  }

  /**
   * Runs `work` inside the current unit of work; if it rejects, its rows are undone while the transaction goes on.
   */
  async savepoint<T>(work: () => Promise<T>): Promise<T> {
    const outer = this.#lease();
    const lease = outer.unit.openSavepoint(outer);
    try {
      const result = await this.#leases.run(lease, work);
      outer.unit.closeSavepoint(lease);
      return result;
    } catch (error) {
      outer.unit.undoSavepoint(lease);
      throw error;
    }
  }

  /**
   * Calls `effect` once the current unit of work has committed; never if it, or the savepoint around this call, is
   * undone. For what is told to others in this process or outside of the database: it may be lost in a crash, and it
   * is called, too, if nobody can tell whether the commit took effect.
   */
  afterCommit(effect: () => void): void {
    const lease = this.#lease();
    lease.unit.afterCommit(effect, lease);
  }

  /** SQL beside the pool and outside of any unit of work, read-only and without a tenant: for checks of the database itself. */
  async inspect<T>(work: (sql: Sql) => Promise<T>, withinMs: number): Promise<T> {
    const { control } = this.#engine;
    const connection = await control.acquire({ deadline: performance.now() + withinMs });
    const giveUp = setTimeout(() => connection.close(), withinMs);
    try {
      return await work(connection.sql);
    } finally {
      clearTimeout(giveUp);
      control.release(connection);
    }
  }

  /** Lets running units of work end, then disconnects. */
  async close(): Promise<void> {
    this.#stopFollowing();
    await this.#engine.pool.close();
    await this.#engine.control.close();
  }

  async #run<T>(mode: Mode, scope: Scope, work: () => Promise<T>): Promise<T> {
    const outer = this.#leases.getStore();
    if (outer && !outer.unit.isOver) return this.#join(outer.unit, mode, scope, work);
    const unit = new UnitOfWork(this.#engine, mode, scope);
    if (unit.interruption) throw unit.interruption;
    let result: T;
    try {
      result = await this.#leases.run(unit.lease, work);
    } catch (error) {
      return unit.rollback(error);
    }
    await unit.commit();
    return result;
  }

  #join<T>(unit: UnitOfWork, mode: Mode, scope: Scope, work: () => Promise<T>): Promise<T> {
    if (unit.tenant !== scope.tenant)
      throw new Error('A unit of work of one tenant cannot contain one of another.');
    if (mode === 'write' && unit.mode === 'read')
      throw new Error('A read unit of work cannot contain a write.');
    return work();
  }

  #lease(): Lease {
    const lease = this.#leases.getStore();
    if (!lease) throw new Error('No unit of work: SQL runs inside Database.read or Database.write.');
    return lease;
  }
}
