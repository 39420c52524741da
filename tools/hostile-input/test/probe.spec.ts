import { waitFor } from '@gantry/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { LOOK, type Lag, type ProbeMessage, type Reading } from '../src/fleet/probe.ts';

const PROBE = fileURLToPath(new URL('../src/fleet/probe.ts', import.meta.url));

/** A program with a probe in it. */
class Probed {
  readonly lags: Lag[] = [];
  readonly directory = mkdtempSync(join(tmpdir(), 'gantry-probe-'));
  readonly child: ChildProcess;

  constructor(source: string) {
    const program = join(this.directory, 'program.mjs');
    writeFileSync(program, `${source}\nsetInterval(() => {}, 1000);`);
    this.child = fork(program, {
      execArgv: ['--expose-gc', '--import', PROBE],
      env: { PATH: process.env['PATH'] },
    });
    this.child.on('message', (message: ProbeMessage) => {
      if (message.kind === 'lag') this.lags.push(message.lag);
    });
  }

  async look(): Promise<Reading> {
    const answer = new Promise<Reading>((resolve) =>
      this.child.on('message', (message: ProbeMessage) => {
        if (message.kind === 'reading') resolve(message.reading);
      }),
    );
    this.child.send(LOOK);
    return answer;
  }

  async end(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill('SIGKILL');
      await once(this.child, 'exit');
    }
    rmSync(this.directory, { recursive: true });
  }
}

describe('the probe', () => {
  let probed: Probed;
  afterEach(() => probed.end());

  it('tells of a turn that takes long, and how much of it was computing', async () => {
    // Processor time, so that it is as long on a busy machine.
    const spin = 'const from = process.cpuUsage().user; while (process.cpuUsage().user - from < 200_000);';
    probed = new Probed(`setTimeout(() => { ${spin} }, 100);`);
    await waitFor(() => probed.lags.some(({ ownMs }) => ownMs > 150), 20_000);
    const { worst } = await probed.look();
    expect(worst.ownMs).toBeGreaterThan(150);
    expect((await probed.look()).worst.ownMs).toBeLessThan(150);
  });

  it('does not take waiting for a processor for computing', async () => {
    probed = new Probed('');
    await probed.look();
    await sleep(100);
    probed.child.kill('SIGSTOP');
    await sleep(600);
    probed.child.kill('SIGCONT');
    await waitFor(() => probed.lags.some(({ lateMs }) => lateMs > 400), 20_000);
    const late = probed.lags.filter(({ lateMs }) => lateMs > 400);
    for (const { ownMs } of late) expect(ownMs).toBeLessThan(100);
  });

  it('tells of polluted prototypes', async () => {
    probed = new Probed("process.on('message', () => { Object.prototype.polluted = 'yes'; });");
    expect((await probed.look()).polluted).toEqual([]);
    expect((await probed.look()).polluted).toEqual(['Object.prototype.polluted']);
  });

  it('tells of memory that is kept, and not of what is garbage', async () => {
    const keep = 'globalThis.kept ??= []; for (let i = 0; i < 400_000; i += 1) kept.push({ i });';
    const waste = 'for (let i = 0; i < 4_000_000; i += 1) ({ i, text: `x${i}` });';
    probed = new Probed(
      `let looks = 0; process.on('message', () => { looks += 1; if (looks === 1) { ${waste} } else { ${keep} } });`,
    );
    const first = (await probed.look()).heapBytes;
    const second = (await probed.look()).heapBytes;
    const third = (await probed.look()).heapBytes;
    expect(second - first).toBeLessThan(4_000_000);
    expect(third - second).toBeGreaterThan(8_000_000);
  });
});
