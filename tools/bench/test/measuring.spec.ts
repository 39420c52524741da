import { freePort } from '@gantry/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Load } from '../src/load/load.ts';
import { playScenario } from '../src/measure/rounds.ts';
import type { Contender, Entry, Scenario } from '../src/scenarios/contender.ts';
import { modernMessage } from '../src/scenarios/mcp-message.ts';
import { peer, ServerProcess } from '../src/servers/process.ts';

const EFFORT = { rounds: 3, requests: 200, warmUp: 50, connections: 4 };

const { headers, body } = modernMessage({
  method: 'tools/call',
  params: { name: 'add_numbers', arguments: { a: 20, b: 22 } },
});

/** A server that burns so many milliseconds for a request, and now and then answers something else. */
const SERVER = `
import { createServer } from 'node:http';
let requests = 0;
createServer((req, res) => req.resume().on('end', () => {
  const begin = process.cpuUsage();
  const used = () => process.cpuUsage(begin).user + process.cpuUsage(begin).system;
  while (used() < Number(process.env.BURN) * 1000);
  if (req.method === 'POST') requests++;
  const fails = process.env.FAIL && requests % Number(process.env.FAIL) === 0 && requests > 0;
  res.writeHead(fails ? 503 : 200).end(process.env.ANSWER);
})).listen(Number(process.env.PORT), '127.0.0.1');
`;

describe('measuring', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-bench-'));
  const program = join(folder, 'server.mjs');
  writeFileSync(program, SERVER);
  let load: Load;
  beforeAll(() => {
    load = new Load();
  });
  afterAll(async () => {
    await load.close();
    rmSync(folder, { recursive: true });
  });

  function entry(name: string, file: string, env: Record<string, string>): Entry {
    return {
      name,
      async start(): Promise<Contender> {
        const port = await freePort();
        const url = `http://127.0.0.1:${port}/mcp`;
        const server = await ServerProcess.start({
          program: [file],
          env: { PORT: String(port), ...env },
          ready: url,
          logFile: join(folder, `${name}.log`),
        });
        const order = { url, headers, bodies: [body], tokens: [], marker: '42' };
        return { name, title: name, server, order, verify: (answer) => expect(answer).toContain('42') };
      },
    };
  }

  const busy = (name: string, env: Record<string, string>) =>
    entry(name, program, { BURN: '0', ANSWER: '{"sum":42}', ...env });

  const play = (entries: Entry[]) => {
    const scenario: Scenario = { name: 'trivial', title: 'A test', entries, share: 1 };
    return playScenario(load, scenario, EFFORT);
  };

  it('finds out what a server uses for a request', async () => {
    const { servers } = await play([entry('echo', peer('echo.js'), {}), busy('busy', { BURN: '3' })]);
    const [echo, slow] = servers;
    expect(echo!.failures).toBe(0);
    // No figure of speed: what is burnt on purpose is in it, and the rest is less than that.
    expect(slow!.cpuMicros.min).toBeGreaterThan(2_500);
    expect(echo!.cpuMicros.median).toBeLessThan(slow!.cpuMicros.median);
    expect(slow!.p50.median).toBeGreaterThan(3);
  });

  it('counts what was not answered with 200', async () => {
    const { server, order } = await busy('failing', { FAIL: '40' }).start();
    try {
      const result = await load.run({ ...order, requests: 200, connections: 4 });
      expect(result).toMatchObject({ failures: { 503: 5 }, wrong: 0, sample: '{"sum":42}' });
    } finally {
      await server.stop();
    }
  });

  it('adds up failures of all rounds', async () => {
    // 610 requests: the warm-up, then three times ten and two hundred.
    const { servers } = await play([busy('failing', { FAIL: '10' })]);
    expect(servers[0]!.failures).toBe(60);
  });

  it('shows a failure if there is nothing else to show', async () => {
    await expect(play([busy('failed', { FAIL: '1', ANSWER: 'Sorry' })])).rejects.toThrow('HTTP 503 Sorry');
  });

  it('does not take a wrong answer for a right one', async () => {
    await expect(play([busy('wrong', { ANSWER: '{"sum":41}' })])).rejects.toThrow(
      'wrong does not answer as it should: {"sum":41}',
    );
  });

  it('says what a server wrote that does not start', async () => {
    const broken = join(folder, 'broken.mjs');
    writeFileSync(broken, "throw new Error('no such setting');");
    await expect(entry('broken', broken, {}).start()).rejects.toThrow('no such setting');
  });

  it('tells memory without garbage from memory in use, and where time went', async () => {
    const { server, order } = await busy('watched', { BURN: '1' }).start();
    try {
      await server.startProfile();
      await load.run({ ...order, requests: 20, connections: 2 });
      const profile = (await server.stopProfile()) as { samples: unknown[] };
      expect(profile.samples.length).toBeGreaterThan(0);
      const { heapUsed, rss } = await server.usageWithoutGarbage();
      expect(heapUsed).toBeGreaterThan(1e6);
      expect(rss).toBeGreaterThan(heapUsed);
    } finally {
      await server.stop();
    }
  });
});
