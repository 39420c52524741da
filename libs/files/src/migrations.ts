import type { MigrationSource } from '@gantry/postgres';

/** The tables of uploads, their parts and what of them was rejected. Give it to `PostgresModule.forRoot`. */
export const filesMigrations: MigrationSource = {
  name: 'files',
  directory: new URL('../migrations/', import.meta.url),
};
