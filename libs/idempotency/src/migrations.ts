import type { MigrationSource } from '@gantry/postgres';

/** The tables of idempotency keys and of used answers. Give it to `PostgresModule.forRoot`. */
export const idempotencyMigrations: MigrationSource = {
  name: 'idempotency',
  directory: new URL('../migrations/', import.meta.url),
};
