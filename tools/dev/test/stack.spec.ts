import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { reset } from '../src/reset.ts';
import { serve } from '../src/serve.ts';
import type { ServiceEntry } from '../src/service-entry.ts';
import { POSTGRES_PORT_OFFSET, type StackSettings } from '../src/stack-settings.ts';
import { CALLER, FIXTURE } from './fixture/entry.ts';
import { freePortBase } from './free-port-base.ts';
import { proposedCall } from './stack-command.ts';

let settings: StackSettings;

// One state directory for all tests: making a database cluster is what takes the time.
beforeAll(async () => {
  settings = {
    portBase: await freePortBase(),
    stateDirectory: await mkdtemp(join(tmpdir(), 'gantry-stack-')),
  };
});

afterAll(() => rm(settings.stateDirectory, { recursive: true, force: true }));

interface Running {
  shown: () => string;
  stop: () => Promise<void>;
  ended: Promise<void>;
}

/** Serves until it shows the first call to try. */
async function start(services: readonly ServiceEntry[] = [FIXTURE]): Promise<Running> {
  const stop = new AbortController();
  let shown = '';
  let ended: Promise<void> | undefined;
  await new Promise<void>((resolve, reject) => {
    const write = (text: string) => {
      shown += text;
      if (shown.includes('A first call')) resolve();
    };
    ended = serve(settings, services, write, stop.signal);
    ended.catch(reject);
  });
  return {
    shown: () => shown,
    ended: ended!,
    stop: async () => {
      stop.abort();
      await ended;
    },
  };
}

function secret(name: string): Promise<string> {
  return readFile(join(settings.stateDirectory, 'secrets', name), 'utf8');
}

function log(name: string): Promise<string> {
  return readFile(join(settings.stateDirectory, 'logs', name), 'utf8');
}

function journal(): Promise<string> {
  return readFile(join(settings.stateDirectory, 'simulators/fixture-simulator.ndjson'), 'utf8');
}

async function refusesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(false));
    socket.once('error', () => resolve(true));
    socket.unref();
  });
}

describe('serve', () => {
  it('prepares, starts, seeds and shows a first call that works when pasted', async () => {
    const stack = await start();
    try {
      expect(stack.shown()).toMatch(
        /\[1\/6\] Build … .*\n\[2\/6\] Postgres … .*\n(?:\[\d\/6\].*\n){3}\[6\/6\] Demo data .*fixture: seeded by seed_it/,
      );
      const { stdout } = await promisify(execFile)('bash', ['-c', proposedCall(stack.shown(), 'fixture')]);
      expect(JSON.parse(stdout)).toMatchObject({
        result: { structuredContent: { tool: 'get_thing', version: '2026-07-28' } },
      });
      expect(await log('fixture-migrate.log')).toContain('migrating as fixture_owner');
      expect(await log('fixture.log')).toContain(
        `serving http://127.0.0.1:${settings.portBase + 1}/mcp as fixture_service`,
      );
    } finally {
      await stack.stop();
    }
    expect(await log('fixture.log')).toContain('stopping');
    expect(await log('fixture-simulator.log')).toContain('stopping');
    for (const offset of [0, 1, 10, POSTGRES_PORT_OFFSET]) {
      expect(await refusesConnections(settings.portBase + offset)).toBe(true);
    }
  });

  it('lets a service and its simulator find each other, with one secret', async () => {
    const stack = await start();
    await stack.stop();
    const origin = (offset: number) => `http://127.0.0.1:${settings.portBase + offset}`;
    expect(stack.shown()).toMatch(new RegExp(`fixture-simulator +${origin(10)} .*${origin(10)}/books\n`));
    expect(await log('fixture.log')).toContain(
      `limit 7, provider ${origin(10)}, secret ${await secret('fixture-webhook-secret')}`,
    );
    expect(await log('fixture-simulator.log')).toContain(
      `webhooks to ${origin(1)}/webhooks/fixture signed with ${await secret('fixture-webhook-secret')}`,
    );
  });

  it('gives a service that calls another one tokens for it in the name of each tenant', async () => {
    const stack = await start([FIXTURE, CALLER]);
    await stack.stop();
    expect(await log('caller.log')).toContain(
      `calls http://127.0.0.1:${settings.portBase + 1}/mcp (200) as gantry-caller for acme, fixture:read\n`,
    );
    expect(await log('fixture.log')).not.toContain('calls');
  });

  it('tells with the end of its log when a service ends by itself, and stops the rest', async () => {
    const stack = await start();
    await fetch(`http://127.0.0.1:${settings.portBase + 1}/crash`).catch(() => {});
    await expect(stack.ended).rejects.toThrow(
      /fixture ended with exit code 3.*fixture\.log.*something gave way/s,
    );
    expect(await refusesConnections(settings.portBase)).toBe(true);
    expect(await refusesConnections(settings.portBase + POSTGRES_PORT_OFFSET)).toBe(true);
  });

  it('tells the same of a simulator, also before its service is ready', async () => {
    const stack = await start();
    await fetch(`http://127.0.0.1:${settings.portBase + 10}/crash`).catch(() => {});
    await expect(stack.ended).rejects.toThrow(
      /fixture-simulator ended with exit code 4.*fixture-simulator\.log.*the books do not balance/s,
    );
    const program = join(import.meta.dirname, 'fixture', 'missing.mjs');
    const broken = { ...FIXTURE, simulator: { ...FIXTURE.simulator!, program } };
    await expect(start([broken])).rejects.toThrow(/fixture-simulator ended with exit code 1.*missing\.mjs/s);
    expect(await refusesConnections(settings.portBase + POSTGRES_PORT_OFFSET)).toBe(true);
  });

  it('leaves nothing running when a migration fails', async () => {
    const broken = { ...FIXTURE, program: join(import.meta.dirname, 'fixture', 'missing.mjs') };
    await expect(start([broken])).rejects.toThrow(/fixture migrate ended with exit code 1.*missing\.mjs/s);
    expect(await refusesConnections(settings.portBase + POSTGRES_PORT_OFFSET)).toBe(true);
  });

  it('stops cleanly when it is told to while it starts', async () => {
    const stop = new AbortController();
    let shown = '';
    await serve(
      settings,
      [FIXTURE],
      (text) => {
        shown += text;
        if (text.includes('Databases')) stop.abort();
      },
      stop.signal,
    );
    expect(shown).toMatch(/stopped\.\n$/);
    expect(shown).not.toContain('A first call');
    expect(await refusesConnections(settings.portBase + POSTGRES_PORT_OFFSET)).toBe(true);
  });

  it('keeps its secrets and its data from one run to the next, until it is reset', async () => {
    await (await start()).stop();
    const keys = await secret('signing-keys.json');
    const password = await secret('fixture-service-password');
    const kept = await journal();
    await (await start()).stop();
    expect(await secret('signing-keys.json')).toBe(keys);
    expect(await secret('fixture-service-password')).toBe(password);
    expect(await journal()).toBe(`${kept}started\n`);

    await reset(settings);
    await expect(readdir(settings.stateDirectory)).rejects.toThrow(/ENOENT/);
  });
});
