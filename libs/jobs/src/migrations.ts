import type { MigrationSource } from '@gantry/postgres';

/**
 * The schema of pg-boss and the table of operations. Give it to `PostgresModule.forRoot`. The migrating role must be
 * allowed to create a schema in the database.
 */
export const jobsMigrations: MigrationSource = {
  name: 'jobs',
  directory: new URL('../migrations/', import.meta.url),
};
