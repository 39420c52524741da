import type { GantryError } from '@gantry/errors';
import { Connection, type ConnectionOptions } from './connection.ts';
import { abortError, timeoutError, unavailable } from './error-mapping.ts';

/** How a pool behaves. */
export interface PoolOptions extends ConnectionOptions {
  readonly size: number;
  readonly maxLifetimeMs: number;
  /** Asked before each connect, so that rotated credentials take hold. */
  readonly url: () => string;
}

/** How full a pool is. */
export interface PoolState {
  readonly size: number;
  readonly open: number;
  readonly inUse: number;
  readonly waiting: number;
}

/** How long a call waits for a connection. */
export interface Patience {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds of `performance.now()`. */
  readonly deadline?: number | undefined;
}

interface Waiter {
  readonly since: number;
  resolve(connection: Connection): void;
  reject(error: Error): void;
}

/** How often idle connections are looked over for those that are too old. */
const SWEEP_MS = 30_000;

/** Connections to one database, each used by one unit of work at a time. */
export class Pool {
  readonly #options: PoolOptions;
  /** Last in, first out: the most used connections have the most statements prepared. */
  readonly #idle: Connection[] = [];
  readonly #open = new Set<Connection>();
  readonly #waiters = new Set<Waiter>();
  readonly #sweep: NodeJS.Timeout;
  #opening = 0;
  #freshSince = 0;
  #closing: (() => void) | undefined;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#sweep = setInterval(() => this.#retireIdle(), SWEEP_MS).unref();
  }

  get state(): PoolState {
    return {
      size: this.#options.size,
      open: this.#open.size,
      inUse: this.#open.size - this.#idle.length,
      waiting: this.#waiters.size,
    };
  }

  /** An idle connection, if there is one: the fast way, without a promise. */
  take(): Connection | undefined {
    return this.#idle.pop();
  }

  /** Waits for a connection, its turn among others, until the deadline, or for the connect timeout if there is none. */
  acquire(patience: Patience): Promise<Connection> {
    if (this.#closing) return Promise.reject(unavailable('The service is shutting down.'));
    const idle = this.take();
    if (idle) return Promise.resolve(idle);
    return new Promise((resolve, reject) => {
      const waiter = { since: performance.now(), resolve: settle(resolve), reject: settle(reject) };
      const { signal, deadline = Infinity } = patience;
      const onAbort = () => waiter.reject(abortError(signal!));
      const remaining = deadline - performance.now();
      const timer = Number.isFinite(remaining)
        ? setTimeout(() => waiter.reject(timeoutError()), remaining)
        : setTimeout(() => waiter.reject(this.#exhausted()), this.#options.connectTimeoutMs);
      const waiters = this.#waiters;
      function settle<T>(then: (value: T) => void): (value: T) => void {
        return (value) => {
          waiters.delete(waiter);
          clearTimeout(timer);
          signal?.removeEventListener('abort', onAbort);
          then(value);
        };
      }
      signal?.addEventListener('abort', onAbort);
      waiters.add(waiter);
      this.#openForWaiters();
    });
  }

  /** Gives a connection back. Its last transaction is over, or commits later. */
  release(connection: Connection): void {
    if (connection.closed) return;
    if (this.#closing || this.#isStale(connection)) return connection.close();
    const [waiter] = this.#waiters;
    if (waiter) waiter.resolve(connection);
    else this.#idle.push(connection);
  }

  /** Replaces every connection opened so far as soon as it is free. */
  renew(): void {
    this.#freshSince = performance.now();
    this.#retireIdle();
  }

  /** Resolves when the last connection in use was given back. */
  async close(): Promise<void> {
    clearInterval(this.#sweep);
    for (const waiter of [...this.#waiters]) waiter.reject(unavailable('The service is shutting down.'));
    await new Promise<void>((resolve) => {
      this.#closing = resolve;
      for (const connection of [...this.#idle]) connection.close();
      this.#closeIfEmpty();
    });
  }

  #openForWaiters(): void {
    const { size } = this.#options;
    while (this.#waiters.size > this.#opening && this.#open.size + this.#opening < size) void this.#openOne();
  }

  async #openOne(): Promise<void> {
    this.#opening += 1;
    const start = performance.now();
    try {
      const connection = await Connection.open(this.#options.url(), this.#options);
      this.#open.add(connection);
      connection.onClose(() => this.#forget(connection));
      this.release(connection);
    } catch (error) {
      // Who came later deserves an attempt that begins later.
      const [waiter] = this.#waiters;
      if (waiter && waiter.since <= start)
        waiter.reject(unavailable('The database is not available.', error));
    } finally {
      this.#opening -= 1;
      this.#openForWaiters();
      this.#closeIfEmpty();
    }
  }

  #forget(connection: Connection): void {
    this.#open.delete(connection);
    const position = this.#idle.indexOf(connection);
    if (position >= 0) this.#idle.splice(position, 1);
    this.#openForWaiters();
    this.#closeIfEmpty();
  }

  #closeIfEmpty(): void {
    if (this.#open.size + this.#opening === 0) this.#closing?.();
  }

  #retireIdle(): void {
    for (const connection of this.#idle.filter((idle) => this.#isStale(idle))) connection.close();
  }

  #isStale({ openedAt }: Connection): boolean {
    return openedAt < this.#freshSince || performance.now() - openedAt > this.#options.maxLifetimeMs;
  }

  #exhausted(): GantryError {
    return unavailable('No database connection became free in time.');
  }
}
