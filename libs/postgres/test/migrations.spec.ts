import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createTestDatabase, type TestDatabase } from '@gantry/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import postgres from 'postgres';
import { migrate, pendingMigrations } from '../src/migrations/migrate.ts';
import { ensureServiceGroup } from '../src/migrations/service-group.ts';
import type { Migration, MigrationSource } from '../src/migrations/source.ts';
import { pause, rejection } from './fixtures.ts';

describe('migrations', () => {
  let test: TestDatabase;
  let owner: postgres.Sql;
  const directories: string[] = [];

  beforeAll(async () => {
    test = await createTestDatabase();
    owner = postgres(test.ownerUrl, { max: 4, onnotice: () => {} });
  });
  afterAll(async () => {
    await owner.end();
    await test.drop();
  });
  beforeEach(async () => {
    await owner.unsafe('drop schema public cascade; create schema public');
  });
  afterEach(async () => {
    for (const directory of directories.splice(0)) await rm(directory, { recursive: true });
  });

  async function source(name: string, files: Record<string, string>): Promise<MigrationSource> {
    const directory = await mkdtemp(join(tmpdir(), 'migrations-'));
    directories.push(directory);
    for (const [file, sql] of Object.entries(files)) await writeFile(join(directory, file), sql);
    return { name, directory: pathToFileURL(`${directory}/`) };
  }

  async function change({ directory }: MigrationSource, file: string, sql: string): Promise<void> {
    await writeFile(new URL(file, directory), sql);
  }

  const run = (
    sources: MigrationSource[],
    more: { lockTimeoutMs?: number; log?: (migration: Migration) => void } = {},
  ) => migrate({ url: test.ownerUrl, sources, ...more });

  const titles = (migrations: Migration[]) => migrations.map(({ source, number }) => `${source}/${number}`);

  const tables = async () => {
    const rows = await owner<{ name: string }[]>`
      select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'gantry_migrations' order by 1`;
    return rows.map(({ name }) => name);
  };

  it('are applied once, source by source, in order', async () => {
    const library = await source('library', {
      '0002_more.sql': 'create table two (like one)',
      '0001_first.sql': 'create table one (id int)',
    });
    const app = await source('app', { '0001_app.sql': 'create table three (like two)' });
    const logged: Migration[] = [];
    const applied = await run([library, app], { log: (migration) => logged.push(migration) });
    expect(titles(applied)).toEqual(['library/1', 'library/2', 'app/1']);
    expect(logged).toEqual(applied);
    expect(await tables()).toEqual(['one', 'three', 'two']);
    expect(await run([library, app])).toEqual([]);
  });

  it('that were added later are applied alone', async () => {
    const app = await source('app', { '0001_first.sql': 'create table one (id int)' });
    await run([app]);
    await change(app, '0002_second.sql', 'create table two (id int)');
    expect(titles(await run([app]))).toEqual(['app/2']);
  });

  it('hold several statements, functions with blocks among them, or none', async () => {
    const app = await source('app', {
      '0001_many.sql': `
        create table one (id int);
        create function noop() returns void language plpgsql as $$
        begin
          perform 1;
        end;
        $$;
        insert into one values (1), (2);`,
      '0002_nothing.sql': '-- nothing to do any more\n',
    });
    expect(await run([app])).toHaveLength(2);
    expect(await owner`select id from one`).toHaveLength(2);
  });

  it('that fail leave nothing of themselves, and all before them', async () => {
    const app = await source('app', {
      '0001_good.sql': 'create table one (id int)',
      '0002_bad.sql': 'create table two (id int);\n\ncreate tabel three (id int);',
    });
    const error = await rejection(run([app]));
    expect(error.message).toBe('Migration app/0002_bad failed at line 3: syntax error at or near "tabel"');
    expect(await tables()).toEqual(['one']);
    await change(app, '0002_bad.sql', 'create table two (id int)');
    expect(titles(await run([app]))).toEqual(['app/2']);
  });

  it('must not change once they are applied', async () => {
    const app = await source('app', { '0001_first.sql': 'create table one (id int);\n' });
    await run([app]);
    await change(app, '0001_first.sql', 'create table one (id int);\r\n');
    expect(await run([app])).toEqual([]);
    await change(app, '0001_first.sql', 'create table one (id bigint);\n');
    await expect(run([app])).rejects.toThrow(
      'Migration app/0001_first was changed after it had been applied',
    );
    await expect(pendingMigrations(owner, [app])).rejects.toThrow('was changed');
  });

  it.each([
    [
      { '0001_one.sql': '', '0003_three.sql': '' },
      'Before migration app/0003_three, number 0002 is missing.',
    ],
    [{ '0002_two.sql': '' }, 'Before migration app/0002_two, number 0001 is missing.'],
    [
      { '0001_one.sql': '', '0001_uno.sql': '' },
      'Migration app/0001_uno has a number that another has, too.',
    ],
    [{ '1_one.sql': '' }, 'Migration app/1_one.sql must be named like 0001_create_orders.sql.'],
    [{ '0001_One.sql': '' }, 'must be named like'],
    [
      { '0001_one.sql': 'create table one ();\nCOMMIT;' },
      'Migration app/0001_one begins or ends a transaction',
    ],
    [{ '0001_one.sql': 'begin transaction;' }, 'begins or ends a transaction'],
  ])('are refused before anything is applied: %j', async (files, message) => {
    const app = await source('app', files);
    await expect(run([app])).rejects.toThrow(message);
    expect(await tables()).toEqual([]);
  });

  it('may stand beside other files', async () => {
    const app = await source('app', { '0001_one.sql': 'create table one ()', 'README.md': '# Why' });
    expect(await run([app])).toHaveLength(1);
  });

  it('of newer code do not trouble older code', async () => {
    const newer = await source('app', { '0001_one.sql': '', '0002_two.sql': '' });
    const older = await source('app', { '0001_one.sql': '' });
    await run([newer]);
    expect(await run([older])).toEqual([]);
  });

  it('are pending until they are applied, for the service role, too', async () => {
    const app = await source('app', { '0001_one.sql': '', '0002_two.sql': '' });
    const service = postgres(test.serviceUrl, { max: 1 });
    try {
      expect(titles(await pendingMigrations(service, [app]))).toEqual(['app/1', 'app/2']);
      await run([app]);
      expect(await pendingMigrations(service, [app])).toEqual([]);
      await expect(service`delete from gantry_migrations`).rejects.toThrow('permission denied');
    } finally {
      await service.end();
    }
  });

  it('are applied once by 20 migrators at once', async () => {
    const files = Object.fromEntries(
      [1, 2, 3, 4, 5].map((n) => [`000${n}_table.sql`, `create table t${n} (id int); select pg_sleep(0.02)`]),
    );
    const app = await source('app', files);
    const applied = await Promise.all(Array.from({ length: 20 }, () => run([app])));
    expect(titles(applied.flat())).toEqual(['app/1', 'app/2', 'app/3', 'app/4', 'app/5']);
    expect(await tables()).toEqual(['t1', 't2', 't3', 't4', 't5']);
  });

  it('create the group role if the server has none', async () => {
    const admin = postgres(process.env['GANTRY_TEST_POSTGRES_URL']!, { max: 1 });
    const undo = new Error('undo');
    const work = admin.begin(async (transaction) => {
      // Out of the way for this transaction alone: other tests need it.
      await transaction`alter role gantry_service rename to gantry_service_hidden`;
      await ensureServiceGroup(transaction);
      const [role] = await transaction`
        select rolcanlogin, rolsuper, rolbypassrls from pg_roles where rolname = 'gantry_service'`;
      expect(role).toEqual({ rolcanlogin: false, rolsuper: false, rolbypassrls: false });
      throw undo;
    });
    expect(await rejection(work)).toBe(undo);
    await admin.end();
  });

  it('give way to those who hold locks for long, and try again', async () => {
    const first = await source('app', { '0001_one.sql': 'create table one (id int)' });
    await run([first]);
    await change(first, '0002_alter.sql', 'alter table one add column name text');
    let release = () => {};
    const holder = owner.begin(async (transaction) => {
      await transaction`select * from one`;
      await new Promise<void>((resolve) => (release = resolve));
    });
    const migrated = run([first], { lockTimeoutMs: 100 });
    await pause(150);
    // Whoever queued up behind the waiting migration gets through in between.
    await owner`select * from one`;
    await pause(300);
    release();
    await holder;
    expect(titles(await migrated)).toEqual(['app/2']);
  });

  it('give up on locks in the end', async () => {
    const app = await source('app', { '0001_one.sql': 'create table one (id int)' });
    await run([app]);
    await change(app, '0002_alter.sql', 'alter table one add column name text');
    let release = () => {};
    const holder = owner.begin(async (transaction) => {
      await transaction`select * from one`;
      await new Promise<void>((resolve) => (release = resolve));
    });
    await expect(run([app], { lockTimeoutMs: 10 })).rejects.toThrow('lock timeout');
    release();
    await holder;
    expect(titles(await pendingMigrations(owner, [app]))).toEqual(['app/2']);
  });
});
