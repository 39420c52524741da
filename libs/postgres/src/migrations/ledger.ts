import type { Sql } from '../driver.ts';
import { readMigrations, titleOf, type MigrationFile, type MigrationSource } from './source.ts';

interface AppliedRow {
  readonly source: string;
  readonly number: number;
  readonly checksum: string;
}

/** Makes the record of what was applied. Whoever calls it holds the migration lock. */
export async function ensureLedger(sql: Sql): Promise<void> {
  await sql`
    create table if not exists gantry_migrations (
      source text not null,
      number integer not null check (number > 0),
      name text not null,
      checksum text not null,
      applied_at timestamptz not null default now(),
      primary key (source, number)
    )`;
  await sql`grant select on gantry_migrations to gantry_service`;
}

/** Notes a migration as applied; in the transaction that applies it. */
export async function recordMigration(
  sql: Sql,
  { source, number, name, checksum }: MigrationFile,
): Promise<void> {
  await sql`insert into gantry_migrations ${sql({ source, number, name, checksum })}`;
}

/**
 * The files that are not applied yet, source by source.
 *
 * What the database has beyond the files is no error: during a rollout, or after a rollback, the code may be older
 * than the database.
 *
 * @throws Error if a migration was changed after it had been applied
 */
export async function pendingFiles(sql: Sql, sources: readonly MigrationSource[]): Promise<MigrationFile[]> {
  const files = await Promise.all(sources.map(readMigrations));
  const applied = await appliedChecksums(sql);
  return files.flat().filter((file) => {
    const checksum = applied.get(`${file.source}/${file.number}`);
    if (checksum !== undefined && checksum !== file.checksum) {
      throw new Error(
        `Migration ${titleOf(file)} was changed after it had been applied: add a new one instead.`,
      );
    }
    return checksum === undefined;
  });
}

async function appliedChecksums(sql: Sql): Promise<Map<string, string>> {
  const [ledger] = await sql<
    [{ exists: boolean }]
  >`select to_regclass('gantry_migrations') is not null as exists`;
  if (!ledger.exists) return new Map();
  const rows = await sql<AppliedRow[]>`select source, number, checksum from gantry_migrations`;
  return new Map(rows.map(({ source, number, checksum }) => [`${source}/${number}`, checksum]));
}
