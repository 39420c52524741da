import { Secret } from '@gantry/config';
import { createTestDatabase, type TestDatabase } from '@gantry/testing';
import postgres from 'postgres';
import { Database, type DatabaseOptions } from '../src/database.ts';
import { migrate } from '../src/migrations/migrate.ts';

export const ACME = { tenant: 'acme' };
export const GLOBEX = { tenant: 'globex' };

/** A database with a tenant's table, notes, and what a test does to it from outside. */
export interface Fixture {
  readonly test: TestDatabase;
  readonly database: Database;
  /** Connected as the owner. */
  readonly owner: postgres.Sql;
  /** Connected as the service role, which alone may see what its other connections do. */
  readonly operator: postgres.Sql;
  /** Another Database on the same server, closed with the fixture. */
  open(options?: Partial<DatabaseOptions>): Database;
  /** Every note, of whatever tenant. */
  notes(): Promise<{ tenant_id: string; id: string }[]>;
  /** How many connections of the service are sleeping in SQL. */
  sleepers(): Promise<number>;
  /** Ends backends of the service as an operator would. */
  terminateBackends(): Promise<number>;
  close(): Promise<void>;
}

export async function openFixture(options: Partial<DatabaseOptions> = {}): Promise<Fixture> {
  const test = await createTestDatabase();
  await migrate({
    url: test.ownerUrl,
    sources: [{ name: 'notes', directory: new URL('migrations/notes/', import.meta.url) }],
  });
  const owner = postgres(test.ownerUrl, { max: 2, onnotice: () => {} });
  const operator = postgres(test.serviceUrl, { max: 1, onnotice: () => {} });
  const opened: Database[] = [];
  function open(more: Partial<DatabaseOptions> = {}): Database {
    const database = Database.open({
      ...DEFAULTS,
      databaseUrl: Secret.of(test.serviceUrl),
      ...options,
      ...more,
    });
    opened.push(database);
    return database;
  }
  return {
    test,
    database: open(),
    owner,
    operator,
    open,
    notes: () => owner`select tenant_id, id from all_notes() order by tenant_id, id`,
    async sleepers() {
      const rows = await operator`
        select from pg_stat_activity
        where query like '%pg_sleep%' and state = 'active' and pid <> pg_backend_pid()`;
      return rows.length;
    },
    async terminateBackends() {
      const ended = await operator`
        select pg_terminate_backend(pid) from pg_stat_activity
        where usename = current_user and pid <> pg_backend_pid()`;
      return ended.length;
    },
    async close() {
      await Promise.all(opened.map((database) => database.close()));
      await owner.end();
      await operator.end();
      await test.drop();
    },
  };
}

const DEFAULTS = {
  poolSize: 4,
  connectTimeoutMs: 5_000,
  maxLifetimeSeconds: 1_800,
  statementTimeoutMs: 30_000,
  applicationName: 'gantry-test',
};

export async function addNote(database: Database, id: string, tenant = 'acme'): Promise<void> {
  await database.sql`insert into notes (tenant_id, id) values (${tenant}, ${id})`;
}

export async function noteIds(database: Database): Promise<string[]> {
  const rows = await database.sql<{ id: string }[]>`select id from notes order by id`;
  return rows.map(({ id }) => id);
}

/** What a promise was rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<Error & { code?: string }> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('It did not reject.');
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Polls until `condition` holds. */
export async function until(condition: () => boolean | Promise<boolean>, withinMs = 5_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('It did not happen in time.');
    await pause(10);
  }
}
