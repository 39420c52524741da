import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import postgres from 'postgres';
import { startDevPostgres, type DevPostgres } from './dev-postgres.ts';

async function query(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return await sql.unsafe(text);
  } finally {
    await sql.end();
  }
}

async function serverPid(directory: string): Promise<number> {
  return Number((await readFile(join(directory, 'data', 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

describe('a development server', () => {
  let directory: string;
  let server: DevPostgres;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'gantry-dev-postgres-'));
    server = await startDevPostgres({ directory });
    await query(server.url, 'create table kept (id int); insert into kept values (1)');
  });
  afterAll(async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  });

  async function restart(): Promise<void> {
    await server.stop();
    server = await startDevPostgres({ directory });
  }

  it('gives a superuser URL on loopback and listens nowhere else', async () => {
    const { hostname, port } = new URL(server.url);
    expect({ hostname, port: Number(port) }).toEqual({ hostname: '127.0.0.1', port: server.port });
    const [row] = await query(
      server.url,
      `select current_setting('is_superuser') superuser, current_setting('listen_addresses') addresses,
              current_setting('unix_socket_directories') sockets`,
    );
    expect(row).toEqual({ superuser: 'on', addresses: '127.0.0.1', sockets: '' });
  });

  it('refuses a wrong password and a missing one', async () => {
    const wrong = new URL(server.url);
    wrong.password = 'guessed';
    await expect(query(wrong.href, 'select 1')).rejects.toThrow('password authentication failed');
    wrong.password = '';
    await expect(query(wrong.href, 'select 1')).rejects.toThrow();
  });

  it('keeps the password readable for its user only', async () => {
    const file = join(directory, 'password');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(server.url).toContain(await readFile(file, 'utf8'));
  });

  it('waits for the disk unless told otherwise', async () => {
    expect(await query(server.url, 'show fsync')).toEqual([{ fsync: 'on' }]);
  });

  it('keeps the data when it is stopped and started', async () => {
    await restart();
    expect(await query(server.url, 'select id from kept')).toEqual([{ id: 1 }]);
  });

  it('restarts at the same address, with what was committed and without those who were connected', async () => {
    const { url } = server;
    const [pid, sql] = [await serverPid(directory), postgres(url, { max: 1, onnotice: () => {} })];
    await sql`create temporary table of_this_connection ()`;
    await server.restart();
    expect(await serverPid(directory)).not.toBe(pid);
    expect(server.url).toBe(url);
    expect(await query(url, 'select id from kept')).toEqual([{ id: 1 }]);
    expect(await sql`select to_regclass('of_this_connection') as found`).toEqual([{ found: null }]);
    await sql.end();
  });

  it('keeps committed data when it is killed', async () => {
    await query(server.url, 'create table survives (id int); insert into survives values (7)');
    process.kill(await serverPid(directory), 'SIGKILL');
    await restart();
    expect(await query(server.url, 'select id from survives')).toEqual([{ id: 7 }]);
  });

  it('starts although the dead server’s process id belongs to another process now', async () => {
    await server.stop();
    const lock = [process.pid, join(directory, 'data'), 0, server.port, '', '127.0.0.1', '', ''].join('\n');
    await writeFile(join(directory, 'data', 'postmaster.pid'), lock, { mode: 0o600 });
    server = await startDevPostgres({ directory });
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('refuses a directory that another server uses, and says which', async () => {
    const pid = await serverPid(directory);
    await expect(startDevPostgres({ directory })).rejects.toThrow(`process ${pid}, port ${server.port}`);
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('leaves no process behind when it is stopped, and may be stopped twice', async () => {
    const pid = await serverPid(directory);
    await server.stop();
    await server.stop();
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    server = await startDevPostgres({ directory });
  });

  it('tells why the server does not start', async () => {
    await server.stop();
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(startDevPostgres({ directory, port })).rejects.toThrow('Address already in use');
    other.close();
    server = await startDevPostgres({ directory });
  });

  it('tells which file is missing when the password is lost', async () => {
    await server.stop();
    const file = join(directory, 'password');
    const password = await readFile(file, 'utf8');
    await rm(file);
    await expect(startDevPostgres({ directory })).rejects.toThrow(file);
    await writeFile(file, password, { mode: 0o600 });
    server = await startDevPostgres({ directory });
  });
});

describe('a server for tests', () => {
  it('does not wait for the disk, passes its log on and removes its directory at the end', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'gantry-dev-postgres-'));
    const log: string[] = [];
    const server = await startDevPostgres({
      directory,
      durable: false,
      temporary: true,
      onLog: (line) => log.push(line),
    });
    expect(await query(server.url, 'show fsync')).toEqual([{ fsync: 'off' }]);
    await server.stop();
    expect(log.join('\n')).toContain('ready to accept connections');
    await expect(stat(directory)).rejects.toThrow('ENOENT');
  });
});
