import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { freePortBase } from './free-port-base.ts';
import { CommandSite, type RunningCommand } from './stack-command.ts';

const MAIN = ['--conditions=@gantry/source', join(import.meta.dirname, 'fixture', 'main.ts')];

let site: CommandSite;

// One state directory for all tests: making a database cluster is what takes the time.
beforeAll(async () => {
  site = await CommandSite.open();
});

afterEach(() => site.killAll());
afterAll(() => site.close());

const command = (args: string[], changes?: NodeJS.ProcessEnv) =>
  site.start('node', [...MAIN, ...args], changes);
const serve = () => site.serve('node', [...MAIN, 'serve']);

async function stop(running: RunningCommand, signal: NodeJS.Signals = 'SIGINT'): Promise<void> {
  running.child.kill(signal);
  expect(await running.exit).toBe(0);
  expect(running.output()).toMatch(/Stopping … stopped\.\n$/);
  await site.quiet();
}

// Processes are counted in /proc.
const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('the command line', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'ends well on %s and leaves no process behind',
    async (signal) => {
      const running = await serve();
      expect((await site.processes()).length).toBeGreaterThan(2);
      await stop(running, signal);
    },
  );

  it('leaves no process behind even when it is killed, and starts again right away', async () => {
    const running = await serve();
    running.child.kill('SIGKILL');
    await running.exit;
    await stop(await serve());
  });

  it('refuses to serve twice and to reset what runs, and gives tokens meanwhile', async () => {
    const running = await serve();
    const second = command(['serve'], { GANTRY_PORT_BASE: String(await freePortBase()) });
    expect(await second.exit).toBe(1);
    expect(second.output()).toContain(`Gantry runs already (process ${running.child.pid})`);
    const reset = command(['reset']);
    expect(await reset.exit).toBe(1);
    expect(reset.output()).toContain('Stop it first');

    const token = command(['token', 'fixture']);
    expect(await token.exit).toBe(0);
    const claims = decodeJwt(token.output().trim());
    expect(claims).toMatchObject({ sub: 'gantry-demo', tenant: 'demo', scope: 'fixture:read' });
    const another = command(['token', 'fixture', 'gantry-approver']);
    expect(await another.exit).toBe(0);
    expect(decodeJwt(another.output().trim())).toEqual({
      ...claims,
      ...{ sub: 'gantry-approver', client_id: 'gantry-approver' },
      ...{ jti: expect.anything(), iat: expect.anything(), nbf: expect.anything(), exp: expect.anything() },
    });

    await stop(running);
    expect(await command(['reset']).exit).toBe(0);
  });

  it('calls tools of what runs', async () => {
    const running = await serve();
    const call = command(['call', 'fixture', 'get_thing', 'name=lamp', 'limit:=3']);
    expect(await call.exit).toBe(0);
    expect(JSON.parse(call.output())).toEqual({
      ...{ tool: 'get_thing', version: '2026-07-28' },
      arguments: { name: 'lamp', limit: 3 },
    });
    const refused = command(['call', 'fixture', 'refuse_it']);
    expect(await refused.exit).toBe(1);
    expect(refused.output()).toMatch(/^\nrefuse_it was refused: \{\n {2}"code": "not_found"/);
    await stop(running);
  });

  it.each([
    [['token'], {}, 'make serve'],
    [['token', 'orders'], {}, "no service 'orders'"],
    [['token', 'fixture', 'nobody'], {}, "no client 'nobody'"],
    [['call', 'orders', 'get_order'], {}, "no service 'orders'"],
    [['call', 'fixture'], {}, 'Usage'],
    [['call', 'fixture', 'get_thing', 'lamp'], {}, "'lamp' is no argument"],
    [['import-catalogue', 'products', 'x.csv'], {}, "no service 'orders'"],
    [['dance'], {}, 'Usage'],
    [['serve'], { GANTRY_PORT_BASE: 'x' }, 'GANTRY_PORT_BASE'],
  ])('says what is wrong with %j', async (args, changes, message) => {
    const refused = command(args, changes);
    expect(await refused.exit).toBe(1);
    expect(refused.output()).toContain(message);
    expect(refused.output()).not.toContain('    at ');
  });
});
