import { Config } from '@gantry/config';
import { Log } from '@gantry/observability';
import { Injectable } from '@nestjs/common';
import { Database } from '../database.ts';
import { postgresSettings } from '../settings.ts';
import { migrate, pendingMigrations } from './migrate.ts';
import type { Migration, MigrationSource } from './source.ts';

/** How long a look at the ledger may take. */
const INSPECT_MS = 5_000;

/** The migrations of this service. */
@Injectable()
export class Migrator {
  constructor(
    private readonly sources: readonly MigrationSource[],
    private readonly database: Database,
    private readonly config: Config,
    private readonly log: Log,
  ) {}

  /** Applies what is pending, as the role of MCP_MIGRATION_DATABASE_URL. */
  run(): Promise<Migration[]> {
    const { migrationDatabaseUrl } = this.config.get(postgresSettings);
    if (!migrationDatabaseUrl)
      throw new Error('Migrations need MCP_MIGRATION_DATABASE_URL, the URL of the owner.');
    return migrate({
      url: migrationDatabaseUrl.value(),
      sources: this.sources,
      log: ({ source, number, name }) =>
        this.log.info({ migration: { source, number, name } }, 'migration applied'),
    });
  }

  /** What is not applied yet. */
  pending(): Promise<Migration[]> {
    return this.database.inspect((sql) => pendingMigrations(sql, this.sources), INSPECT_MS);
  }
}
