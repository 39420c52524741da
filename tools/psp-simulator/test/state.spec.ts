import { describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { startSimulator } from '../src/index.ts';
import { afterTest, running, stripeFor, VISA } from './running.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

async function stateFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'psp-simulator-'));
  afterTest(() => rm(folder, { recursive: true }));
  return join(folder, 'state', 'journal.ndjson');
}

/** The simulator as a process, and where it says that it is. */
async function spawned(...args: string[]): Promise<{ child: ChildProcess; host: string; port: number }> {
  const child = spawn(process.execPath, [MAIN, '--port', '0', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH },
  });
  afterTest(async () => void child.kill('SIGKILL'));
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const [, host, port] = /^psp-simulator ready on http:\/\/([\d.]+):(\d+)$/.exec(line)!;
  return { child, host: host!, port: Number(port) };
}

describe('a simulator with a state file', () => {
  it('remembers everything after a restart, answers for keys included', async () => {
    const state = await stateFile();
    const before = await startSimulator({ state });
    const stripe = stripeFor(before);
    const { id } = await stripe.paymentIntents.create({ ...VISA, confirm: true }, { idempotencyKey: 'k' });
    await stripe.refunds.create({ payment_intent: id, amount: 1 });
    const ledger = before.ledger();
    await before.close();

    const after = await running({ state });
    expect(after.ledger()).toEqual(ledger);
    const again = await stripeFor(after).paymentIntents.create(
      { ...VISA, confirm: true },
      { idempotencyKey: 'k' },
    );
    expect(again.id).toBe(id);
    expect(after.effects({ kind: 'charged' })).toHaveLength(1);
  });

  it('drops the line that it was writing when it was killed, and goes on after it', async () => {
    const state = await stateFile();
    const before = await startSimulator({ state });
    await stripeFor(before).paymentIntents.create(VISA);
    await before.close();
    await appendFile(state, '[{"intent":{"id":"pi_ha');
    const between = await startSimulator({ state });
    await stripeFor(between).paymentIntents.create(VISA);
    await between.close();
    expect((await running({ state })).ledger().payment_intents).toHaveLength(2);
  });

  it('is a process that keeps its books through SIGKILL', async () => {
    const state = await stateFile();
    const first = await spawned('--state', state);
    const { id } = await stripeFor(first).paymentIntents.create({ ...VISA, confirm: true });
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');

    const second = await spawned('--state', state);
    expect(await stripeFor(second).paymentIntents.retrieve(id)).toMatchObject({ status: 'succeeded' });
    second.child.kill('SIGTERM');
    expect(await once(second.child, 'exit')).toEqual([0, null]);
  });

  it.each([[['--port', 'x']], [['--surprise']], [['--webhook-url', 'http://127.0.0.1/']]])(
    'does not start with %j',
    async (args) => {
      const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
      const [text] = (await once(child.stderr, 'data')) as [Buffer];
      expect(text.toString()).toContain('Usage:');
      expect(await once(child, 'exit')).toEqual([1, null]);
    },
  );

  it('sends its webhooks where it is told', async () => {
    const secretFile = `${await stateFile()}.secret`;
    await startSimulator({ state: secretFile }).then((simulator) => simulator.close());
    await writeFile(secretFile, 'whsec_made_for_this_test\n');
    const { host, port } = await spawned(
      '--webhook-url',
      'http://127.0.0.1:1/',
      '--webhook-secret-file',
      secretFile,
    );
    await stripeFor({ host, port }).paymentIntents.create(VISA);
    const held = await fetch(`http://${host}:${port}/_simulator/webhooks`);
    expect(await held.json()).toEqual({ held: [] });
  });
});
