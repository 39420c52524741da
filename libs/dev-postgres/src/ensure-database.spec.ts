import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import postgres, { type Sql } from 'postgres';
import { startDevPostgres, type DevPostgres } from './dev-postgres.ts';
import { ensureDatabase, type DatabaseSpec } from './ensure-database.ts';

const spec: DatabaseSpec = {
  database: 'records',
  owner: { name: 'records_owner', password: 'owner-secret' },
  service: { name: 'records_service', password: 'service-secret' },
};

describe('ensureDatabase', () => {
  let server: DevPostgres;
  const open: Sql[] = [];
  const log: string[] = [];
  const connect = (url: string): Sql => {
    const sql = postgres(url, { max: 1, onnotice: () => {} });
    open.push(sql);
    return sql;
  };

  beforeAll(async () => {
    const directory = await mkdtemp(join(tmpdir(), 'gantry-ensure-'));
    server = await startDevPostgres({
      directory,
      durable: false,
      temporary: true,
      onLog: (line) => log.push(line),
    });
  });
  afterAll(async () => {
    await Promise.all(open.map((sql) => sql.end()));
    await server.stop();
  });

  it('makes a database that its owner may migrate and the service may only use as granted', async () => {
    const { ownerUrl, serviceUrl } = await ensureDatabase(server.url, spec);
    const owner = connect(ownerUrl);
    const service = connect(serviceUrl);

    await owner`create table notes (id int)`;
    await owner`create table secrets (id int)`;
    await owner`grant select on notes to gantry_service`;

    expect(await service`select * from notes`).toEqual([]);
    await expect(service`select * from secrets`).rejects.toThrow('permission denied');
    await expect(service`create table mine (id int)`).rejects.toThrow('permission denied');
    await expect(service`create role another`).rejects.toThrow('permission denied');
  });

  it('gives the owner the right to create roles and neither role any power beyond', async () => {
    const admin = connect(server.url);
    const roles = await admin`
      select rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolcanlogin from pg_roles
      where rolname in ('records_owner', 'records_service', 'gantry_service') order by rolname`;
    const none = { rolsuper: false, rolbypassrls: false, rolcreatedb: false };
    expect(roles).toEqual([
      { rolname: 'gantry_service', ...none, rolcreaterole: false, rolcanlogin: false },
      { rolname: 'records_owner', ...none, rolcreaterole: true, rolcanlogin: true },
      { rolname: 'records_service', ...none, rolcreaterole: false, rolcanlogin: true },
    ]);
    const memberships = await admin`
      select roleid::regrole::text as role from pg_auth_members where member = 'records_service'::regrole`;
    expect(memberships).toEqual([{ role: 'gantry_service' }]);
  });

  it('keeps one service out of the database of another', async () => {
    const other = await ensureDatabase(server.url, {
      database: 'orders',
      owner: { name: 'orders_owner', password: 'x' },
      service: { name: 'orders_service', password: 'y' },
    });
    const strayed = new URL(other.serviceUrl);
    strayed.pathname = '/records';
    await expect(connect(strayed.href)`select 1`).rejects.toThrow('permission denied for database');
  });

  it('changes nothing but passwords when called again', async () => {
    const again = { ...spec, service: { name: 'records_service', password: "o'clock \\ %41@:/" } };
    const { serviceUrl, ownerUrl } = await ensureDatabase(server.url, again);
    expect(await connect(serviceUrl)`select * from notes`).toEqual([]);
    expect(await connect(ownerUrl)`select current_user as name`).toEqual([{ name: 'records_owner' }]);
  });

  it('is safe to call many times at once', async () => {
    const racing = { ...spec, database: 'racing', owner: { name: 'Racing owner', password: 'z' } };
    const all = await Promise.all(Array.from({ length: 20 }, () => ensureDatabase(server.url, racing)));
    expect(await connect(all[0]!.ownerUrl)`select current_user as name`).toEqual([{ name: 'Racing owner' }]);
  });

  it('leaves nothing in the server’s log, neither expected failures nor passwords', async () => {
    await ensureDatabase(server.url, spec);
    const nameless = { ...spec, owner: { name: '', password: 'x' } };
    await expect(ensureDatabase(server.url, nameless)).rejects.toThrow('zero-length');
    expect(log.join('\n')).not.toMatch(/already exists|zero-length|password/);
  });

  it('tells any other failure', async () => {
    await expect(
      ensureDatabase(server.url, { ...spec, database: 'x'.repeat(70).concat('\0') }),
    ).rejects.toThrow();
  });
});
