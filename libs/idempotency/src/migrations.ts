import type { MigrationSource } from '@gantry/postgres';

/** The table of idempotency keys. Give it to `PostgresModule.forRoot`. */
export const idempotencyMigrations: MigrationSource = {
  name: 'idempotency',
  directory: new URL('../migrations/', import.meta.url),
};
