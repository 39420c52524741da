import postgres from 'postgres';
import type { Sql } from '../driver.ts';
import { sqlState } from '../error-mapping.ts';
import { ensureLedger, pendingFiles, recordMigration } from './ledger.ts';
import { ensureServiceGroup } from './service-group.ts';
import { titleOf, type Migration, type MigrationFile, type MigrationSource } from './source.ts';

/** What {@link migrate} needs. */
export interface MigrateOptions {
  /** Connection URL of the role that owns the tables. */
  readonly url: string;
  /** In the order in which they depend on each other. */
  readonly sources: readonly MigrationSource[];
  /** Told each migration as it is applied. */
  readonly log?: (applied: Migration) => void;
  /** How long a migration may wait for a lock before it lets the queue behind it pass and tries again; 5 s unless told. */
  readonly lockTimeoutMs?: number;
}

/** Key of the advisory lock that lets one migrator work at a time; "gantry" in ASCII. */
const MIGRATION_LOCK = '113668162613881';

const LOCK_NOT_AVAILABLE = '55P03';

/** Times a migration is tried that could not get its locks. */
const ATTEMPTS = 6;

const POLL_MS = 200;

/**
 * Applies what is pending, each file in a transaction of its own, and returns it. Forward only. Any number of
 * processes may do so at once: one works, the others wait and find nothing left to do.
 *
 * @throws Error that names the migration which failed; those before it stay applied
 */
export async function migrate(options: MigrateOptions): Promise<Migration[]> {
  const { url, sources, log, lockTimeoutMs = 5_000 } = options;
  const sql = postgres(url, {
    max: 1,
    onnotice: () => {},
    connection: { application_name: 'gantry-migrate', lock_timeout: lockTimeoutMs, TimeZone: 'UTC' },
  });
  try {
    await waitForTurn(sql);
    await ensureServiceGroup(sql);
    await ensureLedger(sql);
    const files = await pendingFiles(sql, sources);
    for (const file of files) {
      await apply(sql, file);
      log?.(withoutContent(file));
    }
    return files.map(withoutContent);
  } finally {
    // Ends the session, and with it the advisory lock.
    await sql.end({ timeout: 5 });
  }
}

/** What {@link migrate} would apply. Any role that may read `gantry_migrations` can ask. */
export async function pendingMigrations(sql: Sql, sources: readonly MigrationSource[]): Promise<Migration[]> {
  return (await pendingFiles(sql, sources)).map(withoutContent);
}

/** Polls rather than queues: a session that waits in a statement holds back those that wait for old snapshots to end. */
async function waitForTurn(sql: Sql): Promise<void> {
  for (;;) {
    const [lock] = await sql<[{ taken: boolean }]>`
      select pg_try_advisory_lock(${sql.unsafe(MIGRATION_LOCK)}) as taken`;
    if (lock.taken) return;
    await pause(POLL_MS);
  }
}

async function apply(sql: postgres.Sql, file: MigrationFile): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await sql.begin(async (transaction) => {
        await transaction.unsafe(file.sql);
        await recordMigration(transaction, file);
      });
      return;
    } catch (error) {
      const isBlocked = sqlState(error) === LOCK_NOT_AVAILABLE;
      if (!isBlocked || attempt === ATTEMPTS) throw failed(file, error);
      await pause(POLL_MS * attempt);
    }
  }
}

function failed(file: MigrationFile, cause: unknown): Error {
  const { message, position } = cause as Error & { position?: string };
  const line = position ? ` at line ${file.sql.slice(0, Number(position)).split('\n').length}` : '';
  return new Error(`Migration ${titleOf(file)} failed${line}: ${message}`, { cause });
}

function withoutContent({ source, number, name }: MigrationFile): Migration {
  return { source, number, name };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
