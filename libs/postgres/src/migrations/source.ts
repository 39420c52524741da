import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';

/** A folder of migrations that belong together: those of a library, or of an app. */
export interface MigrationSource {
  /** Stable: recorded with every migration applied. */
  readonly name: string;
  /**
   * Holds `0001_name.sql`, `0002_name.sql`, … and stands beside `src` and `dist`, so that
   * `new URL('../migrations/', import.meta.url)` finds it from both.
   */
  readonly directory: URL;
}

/** One migration, by the source it comes from. */
export interface Migration {
  readonly source: string;
  readonly number: number;
  readonly name: string;
}

/** A migration with its content. */
export interface MigrationFile extends Migration {
  readonly sql: string;
  /** SHA-256 of the content, whatever its line ends. */
  readonly checksum: string;
}

const FILE_NAME = /^(\d{4})_([a-z0-9]+(?:_[a-z0-9]+)*)\.sql$/;

/** In PL/pgSQL `begin` and `end` are blocks; a transaction's begin is a statement of its own. */
const TRANSACTION_CONTROL =
  /^\s*(?:begin|start\s+transaction|commit|rollback)(?:\s+(?:work|transaction))?\s*;/im;

/**
 * The migrations of a source, in order.
 *
 * @throws Error if names do not fit, numbers have gaps or double, or a file controls its transaction
 */
export async function readMigrations({ name: source, directory }: MigrationSource): Promise<MigrationFile[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort();
  const files = await Promise.all(
    names.map(async (fileName): Promise<MigrationFile> => {
      const [, number, name] = FILE_NAME.exec(fileName) ?? [];
      if (!number || !name) {
        throw new Error(`Migration ${source}/${fileName} must be named like 0001_create_orders.sql.`);
      }
      const sql = (await readFile(new URL(fileName, directory), 'utf8')).replaceAll('\r\n', '\n');
      const checksum = createHash('sha256').update(sql).digest('hex');
      return { source, number: Number(number), name, sql, checksum };
    }),
  );
  files.forEach((file, index) => assertUsable(file, index + 1));
  return files;
}

/** How people call a migration: `records/0001_create_documents`. */
export function titleOf({ source, number, name }: Migration): string {
  return `${source}/${String(number).padStart(4, '0')}_${name}`;
}

function assertUsable(file: MigrationFile, expectedNumber: number): void {
  if (file.number < expectedNumber)
    throw new Error(`Migration ${titleOf(file)} has a number that another has, too.`);
  if (file.number > expectedNumber) {
    throw new Error(
      `Before migration ${titleOf(file)}, number ${String(expectedNumber).padStart(4, '0')} is missing.`,
    );
  }
  if (TRANSACTION_CONTROL.test(file.sql)) {
    throw new Error(
      `Migration ${titleOf(file)} begins or ends a transaction; it runs in one of its own already.`,
    );
  }
}
