import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import postgres from 'postgres';
import { preparePostgres } from '../src/jest-postgres.ts';
import { startTestPostgres, type TestPostgres } from '../src/postgres-server.ts';
import { waitFor } from '../src/wait-for.ts';

/** An image that cannot be had quickly: nothing listens on that port. */
const NO_IMAGE = { GANTRY_POSTGRES_IMAGE: 'localhost:1/no-such-image:none' };
const whereContainersRun = process.env['GANTRY_REQUIRE_CONTAINERS'] === '1' ? it : it.skip;

async function answerOf(url: string): Promise<unknown> {
  const sql = postgres(url, { max: 1 });
  try {
    return await sql`select current_setting('is_superuser') as superuser`;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

async function waitsForDisk(url: string): Promise<boolean> {
  const sql = postgres(url, { max: 1 });
  try {
    const [row] = await sql`show fsync`;
    return row!['fsync'] !== 'off';
  } finally {
    await sql.end({ timeout: 1 });
  }
}

async function refusesConnections(url: string): Promise<boolean> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const refused = await once(socket, 'connect').then(
    () => false,
    () => true,
  );
  socket.destroy();
  return refused;
}

/** A table outlives a restart of its server, a temporary one and so its connection does not. */
async function restartKeeps({ url, restart }: TestPostgres): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  await sql`create table of_server ()`;
  await sql`create temporary table of_connection ()`;
  await restart!();
  const found =
    await sql`select to_regclass('of_server')::text as kept, to_regclass('of_connection') as lost`;
  expect(found).toEqual([{ kept: 'of_server', lost: null }]);
  await sql.end();
}

describe('startTestPostgres', () => {
  it('starts the embedded server', async () => {
    const server = await startTestPostgres({ GANTRY_TEST_ENGINE: 'embedded' });
    expect(server.description).toBe('Postgres: embedded server (GANTRY_TEST_ENGINE=embedded)');
    expect(await answerOf(server.url)).toEqual([{ superuser: 'on' }]);
    expect(await waitsForDisk(server.url)).toBe(false);
    await restartKeeps(server);
    await server.stop();
    expect(await refusesConnections(server.url)).toBe(true);
  });

  it('takes a given server and leaves it running', async () => {
    const url = process.env['GANTRY_TEST_POSTGRES_URL']!;
    const server = await startTestPostgres({ GANTRY_TEST_POSTGRES_URL: url });
    expect(server.restart).toBeUndefined();
    await server.stop();
    expect(await answerOf(server.url)).toEqual([{ superuser: 'on' }]);
  });

  it('falls back to the embedded server, and says so, when no container can be had', async () => {
    const server = await startTestPostgres(NO_IMAGE);
    expect(server.description).toMatch(
      /^Postgres: embedded server \((no Docker answers|the container did not start: .+)\)$/,
    );
    await server.stop();
  });

  it('fails when no container can be had although containers are mandatory', async () => {
    await expect(startTestPostgres({ ...NO_IMAGE, GANTRY_REQUIRE_CONTAINERS: '1' })).rejects.toThrow();
  });

  whereContainersRun('starts a container where containers are mandatory', async () => {
    const { GANTRY_TEST_POSTGRES_URL: _, ...env } = process.env;
    const server = await startTestPostgres(env);
    expect(server.description).toContain('container');
    expect(await answerOf(server.url)).toEqual([{ superuser: 'on' }]);
    await waitFor(async () => !(await waitsForDisk(server.url)), 5_000);
    await restartKeeps(server);
    expect(await waitsForDisk(server.url)).toBe(false);
    await server.stop();
    expect(await refusesConnections(server.url)).toBe(true);
  });
});

describe('the jest global setup', () => {
  const url = process.env['GANTRY_TEST_POSTGRES_URL']!;
  let said: string[];

  beforeEach(() => {
    said = [];
    jest.spyOn(process.stderr, 'write').mockImplementation((line) => said.push(String(line)) > 0);
  });
  afterEach(() => {
    jest.restoreAllMocks();
    process.env['GANTRY_TEST_POSTGRES_URL'] = url;
  });

  it('says which server the tests use', async () => {
    await preparePostgres();
    expect(said).toEqual(['Postgres: the given server (GANTRY_TEST_POSTGRES_URL is set)\n']);
  });

  it('tells why there is none', async () => {
    await expect(setUpIn({ GANTRY_TEST_ENGINE: 'sqlite' })).rejects.toThrow(
      /No Postgres for the tests.*'sqlite'/s,
    );
  });

  it.each(['SIGKILL', 'SIGINT', undefined] as const)(
    'runs in plain Node without a build, and its server ends with the process (%s)',
    async (signal) => {
      const started = await setUpIn({ GANTRY_TEST_ENGINE: 'embedded' });
      expect(started.said).toBe('Postgres: embedded server (GANTRY_TEST_ENGINE=embedded)\n');
      expect(await answerOf(started.url)).toEqual([{ superuser: 'on' }]);
      if (signal) started.process.kill(signal);
      else started.process.stdin.end();
      await waitFor(() => refusesConnections(started.url), 10_000);
    },
  );
});

/** Runs the global setup as jest does, in a process of its own that goes on until its input ends. */
async function setUpIn(env: NodeJS.ProcessEnv) {
  const script = `
    const { default: setup } = await import('@gantry/testing/jest-postgres');
    await setup();
    console.log(process.env.GANTRY_TEST_POSTGRES_URL);
    process.stdin.resume();`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: import.meta.dirname,
    env: { PATH: process.env['PATH'], ...env },
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [line] = (await Promise.race([once(child.stdout, 'data'), once(child, 'close')])) as [
    Buffer | number,
  ];
  if (typeof line === 'number') throw new Error(said);
  return { process: child, url: line.toString().trim(), said };
}
