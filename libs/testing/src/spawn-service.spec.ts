import { freePort } from '@gantry/dev-postgres';
import { describe, expect, it } from '@jest/globals';
import { spawnService } from './spawn-service.ts';

const node = (script: string, options = {}) => spawnService(process.execPath, ['--eval', script], options);
const IDLE = 'setInterval(() => {}, 1000);';

describe('spawnService', () => {
  it('waits for a line of output and keeps what was written', async () => {
    const service = await node(
      `console.error('warming up'); setTimeout(() => console.log('ready now'), 50); ${IDLE}`,
      {
        ready: /ready now/,
      },
    );
    expect(service.stdout).toBe('ready now\n');
    expect(service.stderr).toBe('warming up\n');
    expect(service.pid).toBeGreaterThan(0);
    await service.kill();
  });

  it('waits for a URL to answer', async () => {
    const port = await freePort();
    const service = await node(
      `let asked = 0;
       require('http').createServer((q, r) => { r.statusCode = ++asked < 3 ? 503 : 200; r.end(String(asked)); })
         .listen(process.env.PORT, '127.0.0.1');`,
      { env: { PORT: String(port) }, ready: `http://127.0.0.1:${port}/health` },
    );
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('4');
    await service.stop();
  });

  it('stops politely and tells how it ended', async () => {
    const service = await node(`process.on('SIGTERM', () => process.exit(3)); console.log('up'); ${IDLE}`, {
      ready: /up/,
    });
    expect(await service.stop()).toEqual({ code: 3, signal: null });
    expect(await service.exited).toEqual({ code: 3, signal: null });
    expect(await service.stop()).toEqual({ code: 3, signal: null });
  });

  it('kills as a crash would', async () => {
    const service = await node(`process.on('SIGTERM', () => {}); ${IDLE}`);
    expect(await service.kill()).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('complains about one that does not stop, and kills it', async () => {
    const service = await node(`process.on('SIGTERM', () => {}); console.log('up'); ${IDLE}`, {
      ready: /up/,
    });
    await expect(service.stop(100)).rejects.toThrow('did not stop within 100 ms');
    expect(await service.exited).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('tells what one wrote that ends before it is ready, or is never ready', async () => {
    await expect(node(`console.error('bad config'); process.exit(2)`, { ready: /up/ })).rejects.toThrow(
      /ended before it was ready.*\nbad config/,
    );
    await expect(
      node(`console.error('stuck'); ${IDLE}`, { ready: /up/, readyWithinMs: 500 }),
    ).rejects.toThrow(/not ready within 500 ms.*\nstuck/);
  });

  it('rejects when there is no such program', async () => {
    await expect(spawnService('/no/such/program', [])).rejects.toThrow('ENOENT');
  });
});
