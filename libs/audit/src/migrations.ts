import type { MigrationSource } from '@gantry/postgres';

/** The table of audit entries. Give it to `PostgresModule.forRoot`. */
export const auditMigrations: MigrationSource = {
  name: 'audit',
  directory: new URL('../migrations/', import.meta.url),
};
