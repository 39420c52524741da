import { mkdir, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { findBinaries } from './binaries.ts';
import { dataDirectoryOf, openCluster, SUPERUSER } from './cluster.ts';
import { freePort } from './free-port.ts';
import { clearStaleLock } from './lock-file.ts';
import { runAs } from './run-as.ts';
import { startServer } from './server-process.ts';

/** What {@link startDevPostgres} is told. */
export interface DevPostgresOptions {
  /** Holds the cluster (`data/`) and its superuser's password; made if missing, reused if there. */
  readonly directory: string;
  /** Port on loopback. Default: a free one. */
  readonly port?: number;
  /** Gets each line of the server's log. */
  readonly onLog?: (line: string) => void;
  /** Set to false for tests: commits do not wait for the disk, and a crash may lose the cluster. */
  readonly durable?: boolean;
  /** Set to true to remove `directory` with all that is in it when the server stops. */
  readonly temporary?: boolean;
}

/** A running development server. */
export interface DevPostgres {
  /** Connects as the superuser to the database `postgres`. Contains the password. */
  readonly url: string;
  readonly port: number;
  /** Breaks all connections and starts the server again, on the same port, with all that was committed. */
  restart(): Promise<void>;
  /** Resolves when the server is gone. May be called any number of times. */
  stop(): Promise<void>;
}

/**
 * Starts a real Postgres on loopback, from the binaries that npm installed.
 *
 * @example
 * ```ts
 * const postgres = await startDevPostgres({ directory: '.gantry/postgres' });
 * // … postgres.url …
 * await postgres.stop();
 * ```
 */
export async function startDevPostgres(options: DevPostgresOptions): Promise<DevPostgres> {
  const { durable = true, temporary = false, onLog } = options;
  const directory = resolve(options.directory);
  await mkdir(directory, { recursive: true });
  const binaries = await findBinaries();
  const as = runAs(binaries.postgres, dataDirectoryOf(directory));
  await clearStaleLock(dataDirectoryOf(directory));
  const { dataDirectory, password } = await openCluster(directory, binaries, as, durable);
  const port = options.port ?? (await freePort());
  const start = () =>
    startServer({
      postgres: binaries.postgres,
      args: ['-D', dataDirectory, ...serverSettings(port, durable)],
      as,
      ...(temporary && { removeIfOrphaned: directory }),
      ...(onLog && { onLog }),
    });
  let server = await start();
  return {
    url: `postgres://${SUPERUSER}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`,
    port,
    async restart() {
      await server.stop();
      server = await start();
    },
    async stop() {
      await server.stop();
      if (temporary) await rm(directory, { recursive: true, force: true });
    },
  };
}

function serverSettings(port: number, durable: boolean): string[] {
  const settings: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    timezone: 'UTC',
    log_timezone: 'UTC',
    // The start is recognised by a line of the log.
    lc_messages: 'C',
    ...(!durable && { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
