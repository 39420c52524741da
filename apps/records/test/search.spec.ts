import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { migrate } from '@gantry/postgres';
import { createTestDatabase, type TestDatabase } from '@gantry/testing';
import postgres from 'postgres';
import { migrations } from '../src/records.module.ts';

/** What the database itself promises of search, to the service role with SQL written by hand. */
let database: TestDatabase;
let service: postgres.Sql;

/** The first migration alone: the service as it was before it could search. */
async function migrateToFirst(url: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'gantry-migrations-'));
  const first = '0001_records.sql';
  await copyFile(new URL(`../migrations/${first}`, import.meta.url), join(folder, first));
  await migrate({ url, sources: [{ name: 'records', directory: pathToFileURL(`${folder}/`) }] });
  await rm(folder, { recursive: true });
}

beforeAll(async () => {
  database = await createTestDatabase();
  service = postgres(database.serviceUrl, { max: 1, onnotice: () => {} });
  await migrateToFirst(database.ownerUrl);
  for (const tenant of ['acme', 'umbrella']) {
    await as(tenant, async (sql) => {
      await sql`insert into collections (name, json_schema, indexed_fields) values ('notes', '{}', '[]')`;
      for (const id of ['live', 'gone'])
        await sql`
          insert into records (id, collection, data, changed_by_subject, changed_by_client)
          values (${`${tenant}_${id}`}, 'notes', ${`{"text":"old words of ${tenant}"}`}::text::json, 'a', 'b')`;
      await sql`update records set version = 2, deleted_at = now() where id like '%gone'`;
    });
  }
  await migrate({ url: database.ownerUrl, sources: migrations });
});
afterAll(async () => {
  await service.end();
  await database.drop();
});

/** A transaction of a tenant. */
async function as<T>(tenant: string, work: (sql: postgres.TransactionSql) => Promise<T>): Promise<T> {
  const result = await service.begin(async (sql) => {
    await sql`select set_config('gantry.tenant', ${tenant}, true)`;
    return [await work(sql)];
  });
  return result[0] as T;
}

/** Ids of all rows that a tenant gets to see when it searches for this. */
function seen(tenant: string, search: string): Promise<string[]> {
  return as(tenant, async (sql) => {
    await sql`select set_config('gantry.search', ${search}, true)`;
    const rows = await sql<{ record_id: string }[]>`select record_id from record_texts order by record_id`;
    return rows.map(({ record_id }) => record_id);
  });
}

const scopeOf = (tenant: string) =>
  as(tenant, async (sql) => {
    const [row] = await sql<[{ scope: string }]>`select record_scope('notes') as scope`;
    return row.scope;
  });

describe('the migration', () => {
  it('makes what is there already searchable, of every tenant, but not what is deleted', async () => {
    for (const tenant of ['acme', 'umbrella'])
      expect(await seen(tenant, `'${await scopeOf(tenant)}' & 'words'`)).toEqual([`${tenant}_live`]);
  });

  it('leaves row-level security forced', async () => {
    const tables = await service<{ relname: string }[]>`
      select relname from pg_class
      where relname in ('records', 'record_texts') and relrowsecurity and relforcerowsecurity`;
    expect(tables).toHaveLength(2);
  });
});

describe('row-level security', () => {
  it('shows a tenant nothing of another, whatever it searches for', async () => {
    const theirs = await scopeOf('umbrella');
    for (const search of ["'umbrella'", `'${theirs}'`, `'${theirs}' & 'words'`, `'${theirs}' & !'nothing'`])
      expect(await seen('acme', search)).toEqual([]);
    for (const search of ["'words'", "!'nothing'", `'${theirs}' | 'words'`, "'words' | !'words'"])
      expect(await seen('acme', search)).toEqual(['acme_live']);
  });

  it('shows nothing without a search, nor without a tenant', async () => {
    const all = (sql: postgres.ISql) => sql`select record_id from record_texts`;
    expect(await as('acme', all)).toEqual([]);
    expect(await seen('acme', '')).toEqual([]);
    expect(await seen('', "'words'")).toEqual([]);
    // What a transaction has searched for does not outlive it.
    await seen('acme', "'words'");
    expect(await as('acme', all)).toEqual([]);
  });

  it.each([
    "insert into record_texts values ('acme', 'rec_x', '')",
    "update record_texts set search = ''",
    'delete from record_texts',
    'select search from record_texts for update',
    'alter table record_texts disable row level security',
  ])('lets the service do no "%s"', async (statement) => {
    await expect(as('acme', (sql) => sql.unsafe(statement))).rejects.toMatchObject({ code: '42501' });
  });
});
