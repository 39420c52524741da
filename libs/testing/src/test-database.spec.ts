import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import postgres, { type Sql } from 'postgres';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

describe('createTestDatabase', () => {
  let database: TestDatabase;
  let open: Sql[];
  const connect = (url: string): Sql => {
    const sql = postgres(url, { max: 1, onnotice: () => {} });
    open.push(sql);
    return sql;
  };

  beforeEach(async () => {
    open = [];
    database = await createTestDatabase();
  });
  afterEach(async () => {
    await Promise.all(open.map((sql) => sql.end({ timeout: 1 })));
    await database.drop();
  });

  it('gives an empty database of its own each time', async () => {
    const other = await createTestDatabase();
    await connect(database.ownerUrl)`create table here (id int)`;
    expect(await connect(other.ownerUrl)`select to_regclass('here') as found`).toEqual([{ found: null }]);
    await other.drop();
  });

  it('lets the service do what it is granted and nothing else, row-level security included', async () => {
    const owner = connect(database.ownerUrl);
    const service = connect(database.serviceUrl);
    await owner.unsafe(`
      create table notes (tenant_id text not null);
      alter table notes enable row level security;
      alter table notes force row level security;
      create policy tenant on notes using (tenant_id = current_setting('gantry.tenant', true));
      grant select, insert on notes to gantry_service`);
    await expect(service`insert into notes values ('acme')`).rejects.toThrow('row-level security');
    await expect(service`delete from notes`).rejects.toThrow('permission denied');
    await expect(service`set role ${service(`${database.name}_owner`)}`).rejects.toThrow('permission denied');
  });

  it('lets the owner create roles', async () => {
    const owner = connect(database.ownerUrl);
    const role = `${database.name}_extra`;
    await owner`create role ${owner(role)} nologin`;
    await owner`drop role ${owner(role)}`;
  });

  it('drops the database under open connections, with its roles, and may be dropped twice', async () => {
    await connect(database.serviceUrl)`select 1`;
    await database.drop();
    await database.drop();
    const admin = connect(process.env['GANTRY_TEST_POSTGRES_URL']!);
    const left = await admin`
      select datname as name from pg_database where datname = ${database.name}
      union all select rolname from pg_roles where rolname like ${`${database.name}%`}`;
    expect(left).toEqual([]);
  });

  it('drops the database even where the owner cannot be dropped, because it granted roles', async () => {
    const owner = connect(database.ownerUrl);
    const [group, member] = [`${database.name}_group`, `${database.name}_member`];
    await owner`create role ${owner(group)}`;
    await owner`create role ${owner(member)}`;
    await owner`grant ${owner(group)} to ${owner(member)}`;
    await database.drop();
    const admin = connect(process.env['GANTRY_TEST_POSTGRES_URL']!);
    expect(await admin`select 1 from pg_database where datname = ${database.name}`).toEqual([]);
  });

  it('says what to do when there is no server', async () => {
    const url = process.env['GANTRY_TEST_POSTGRES_URL'];
    delete process.env['GANTRY_TEST_POSTGRES_URL'];
    try {
      await expect(createTestDatabase()).rejects.toThrow("globalSetup: '@gantry/testing/jest-postgres'");
    } finally {
      process.env['GANTRY_TEST_POSTGRES_URL'] = url;
    }
  });
});
