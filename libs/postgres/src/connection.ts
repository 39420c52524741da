import type postgres from 'postgres';
import {
  createClient,
  handlerOf,
  intercept,
  routedSql,
  statement,
  type DriverQuery,
  type QueryHandler,
  type Sql,
  type SqlResult,
} from './driver.ts';
import { unavailable } from './error-mapping.ts';

/** How connections are made. */
export interface ConnectionOptions {
  readonly connectTimeoutMs: number;
  /** For statements that no deadline bounds. */
  readonly statementTimeoutMs: number;
  readonly applicationName: string;
}

/** Ends a transaction whose process hangs between two statements. */
const IDLE_IN_TRANSACTION_MS = 60_000;

/** A server that has not confirmed the end of a transaction after this long is taken for lost. */
export const CONFIRM_MS = 10_000;

/** How long a read's transaction may stay open behind its answer. */
const COMMIT_DELAY_MS = 2;

/** How soon the server stops a statement whose client is gone. */
const CLIENT_CHECK_MS = 2_000;

/**
 * One connection to the server, for one life.
 *
 * postgres.js has a pool and reconnects by itself, which is wrong under a transaction: queries that wait
 * while a connection dies run on the next one, outside of any transaction, or never settle; and a reserved
 * connection that died can be put back. So each connection gets a client of its own that is reserved once and
 * thrown away when it closes, and the queries on it are tracked here.
 */
export class Connection {
  readonly pid: number;
  readonly openedAt = performance.now();
  readonly #end: () => void;
  readonly #send: QueryHandler;
  readonly #pending = new Set<DriverQuery>();
  readonly #onClose: (() => void)[] = [];
  #onDrain: (() => void)[] = [];
  #sending: DriverQuery | undefined;
  #misdirected: { error: unknown } | undefined;
  #commit: NodeJS.Timeout | undefined;
  #closed = false;

  private constructor(client: postgres.Sql, reserved: postgres.ReservedSql, pid: number) {
    this.pid = pid;
    this.#end = () => void client.end({ timeout: 0 }).catch(() => {});
    this.#send = handlerOf(reserved);
  }

  /** Connects and logs in. */
  static async open(url: string, options: ConnectionOptions): Promise<Connection> {
    let connection: Connection | undefined;
    let lost = false;
    const client = createClient(url, {
      connect_timeout: options.connectTimeoutMs / 1_000,
      // The pool replaces old connections; postgres.js cannot do it for a reserved one.
      max_lifetime: null,
      onclose: () => {
        lost = true;
        connection?.close();
      },
      connection: sessionSettings(options),
    });
    try {
      // An ordinary query first: with `reserve` alone, postgres.js goes on trying after a failed connect.
      const [session] = await withTimeout(
        options.connectTimeoutMs,
        client<[{ pid: number }]>`select pg_backend_pid() as pid`,
      );
      const reserved = await client.reserve();
      if (lost) throw unavailable('The connection was lost while it was opened.');
      return (connection = new Connection(client, reserved, session.pid));
    } catch (error) {
      void client.end({ timeout: 0 }).catch(() => {});
      throw error;
    }
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Queries sent and not answered yet. */
  get pending(): number {
    return this.#pending.size;
  }

  /** Queries on this connection, outside of any unit of work. */
  get sql(): Sql {
    return routedSql(() => (query) => this.send(query));
  }

  /** Sends a query behind those already sent, without waiting for their answers. */
  send(query: DriverQuery): void {
    if (this.#closed) return query.reject(connectionLost());
    this.#track(query);
    this.#sending = query;
    this.#send(query);
    this.#sending = undefined;
    if (this.#misdirected) {
      query.reject(this.#misdirected.error);
      this.close();
    }
  }

  /** Sends a statement without parameters; gives the connection up if there is no answer after `withinMs`. */
  run(text: string, withinMs: number): Promise<SqlResult> {
    const query = statement(text);
    const giveUp = setTimeout(() => this.close(), withinMs);
    this.send(query);
    return query.finally(() => clearTimeout(giveUp));
  }

  /**
   * Commits a read in a moment, unless {@link Connection.takeCommit} is asked first: on a busy connection the next
   * transaction then ends this one in its own first message. A message and an answer saved are a fifth of the cost
   * of a small read, and nobody waits for the commit of a read.
   */
  commitLater(): void {
    this.#commit = setTimeout(() => {
      this.#commit = undefined;
      this.run('commit', CONFIRM_MS).catch(() => this.close());
    }, COMMIT_DELAY_MS);
  }

  /** SQL that has to precede the next transaction. */
  takeCommit(): string {
    if (!this.#commit) return '';
    clearTimeout(this.#commit);
    this.#commit = undefined;
    return 'commit; ';
  }

  /** Resolves when nothing is pending, and when the connection is closed. */
  drained(): Promise<void> {
    if (this.#pending.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onDrain.push(resolve));
  }

  /** Calls `listener` once when the connection closes, whoever closes it. */
  onClose(listener: () => void): void {
    this.#onClose.push(listener);
  }

  /** Closes at once. What is pending is rejected; the server rolls back what is open. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#commit);
    for (const query of [...this.#pending]) query.reject(connectionLost());
    this.#end();
    for (const listener of this.#onClose) listener();
  }

  #track(query: DriverQuery): void {
    this.#pending.add(query);
    intercept(query, {
      resolve: (value, { resolve }) => {
        this.#settled(query);
        resolve(value);
      },
      reject: (error, { reject }) => {
        // A query that postgres.js cannot serialize (an undefined parameter) while another is in flight makes it
        // reject that other one, and give every later answer to the wrong query. Only closing helps.
        if (this.#sending && this.#sending !== query) this.#misdirected = { error };
        this.#settled(query);
        reject(error);
      },
    });
  }

  #settled(query: DriverQuery): void {
    this.#pending.delete(query);
    if (this.#pending.size > 0 || this.#onDrain.length === 0) return;
    const waiting = this.#onDrain;
    this.#onDrain = [];
    for (const resolve of waiting) resolve();
  }
}

function sessionSettings(options: ConnectionOptions): Record<string, string | number> {
  return {
    application_name: options.applicationName,
    // Types are parsed from these formats, see sql-types.ts.
    TimeZone: 'UTC',
    DateStyle: 'ISO',
    bytea_output: 'hex',
    standard_conforming_strings: 'on',
    // Nothing can be written but in a transaction that a unit of work began as `read write`.
    default_transaction_read_only: 'on',
    statement_timeout: options.statementTimeoutMs,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    client_connection_check_interval: CLIENT_CHECK_MS,
  };
}

function connectionLost(): Error {
  return Object.assign(new Error('The connection to the database was lost.'), { code: 'CONNECTION_CLOSED' });
}

async function withTimeout<T>(milliseconds: number, work: PromiseLike<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(unavailable('The database did not answer in time.')), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
