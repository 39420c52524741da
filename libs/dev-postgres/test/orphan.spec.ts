import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const script = fileURLToPath(new URL('fixtures/start-server.ts', import.meta.url));

async function startInChild(directory: string, ...args: string[]) {
  const child = spawn(process.execPath, [script, directory, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, port: Number(line.toString()) };
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const connected = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return connected;
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(50);
}

describe('when the process that started the server is killed', () => {
  it('the server shuts down by itself', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'gantry-orphan-'));
    const { child, port } = await startInChild(directory);
    expect(await answers(port)).toBe(true);
    child.kill('SIGKILL');
    await until(async () => !(await answers(port)));
    // A clean shutdown, not a crash: it removed its lock file.
    await until(() => !existsSync(join(directory, 'data', 'postmaster.pid')));
    expect(await readFile(join(directory, 'password'), 'utf8')).not.toBe('');
    await rm(directory, { recursive: true, force: true });
  });

  it('a temporary directory is removed', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'gantry-orphan-'));
    const { child, port } = await startInChild(directory, 'temporary');
    child.kill('SIGKILL');
    await until(() => !existsSync(directory));
    expect(await answers(port)).toBe(false);
  });
});
