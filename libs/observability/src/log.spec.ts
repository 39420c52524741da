import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { recordingLog } from '../test/fixtures.ts';
import { runInContext } from './call-context.ts';
import { Log, LOG_LEVELS } from './log.ts';
import { ServiceInfo } from './service-info.ts';

describe('Log', () => {
  it('writes one JSON object a line, with time, level, service and message', () => {
    const { log, lines } = recordingLog({ service: new ServiceInfo('orders', '1.2.0') });
    log.info({ port: 3000 }, 'listening');
    expect(lines()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        service: 'orders',
        version: '1.2.0',
        pid: process.pid,
        port: 3000,
        msg: 'listening',
      },
    ]);
  });

  it('writes what is severe enough', () => {
    const { log, lines } = recordingLog({ level: 'warn' });
    for (const level of LOG_LEVELS) if (level !== 'silent') log[level]({}, level);
    expect(lines().map(({ level, msg }) => [level, msg])).toEqual([
      ['warn', 'warn'],
      ['error', 'error'],
      ['fatal', 'fatal'],
    ]);
  });

  it('writes every level there is', () => {
    const { log, lines } = recordingLog({ level: 'trace' });
    for (const level of LOG_LEVELS) if (level !== 'silent') log[level]({}, level);
    expect(lines().map(({ level }) => level)).toEqual(['trace', 'debug', 'info', 'warn', 'error', 'fatal']);
  });

  it('puts the context of the running call in every line, over awaits, and lets no field override it', async () => {
    const { log, lines } = recordingLog();
    const context = { requestId: 'req_1', traceId: 'a'.repeat(32), tenant: 'acme', tool: 'get_order' };
    await runInContext(context, async () => {
      await Promise.resolve();
      log.info({ tenant: 'other' }, 'inside');
    });
    log.info({}, 'outside');
    expect(lines()[0]).toMatchObject({
      request_id: 'req_1',
      trace_id: 'a'.repeat(32),
      tenant: 'acme',
      tool: 'get_order',
    });
    expect(lines()[1]).not.toHaveProperty('request_id');
  });

  it('redacts fields, bindings and the message', () => {
    const { log, lines } = recordingLog();
    log.child({ token: 'x' }).warn({ header: 'Bearer abc' }, 'refused Bearer abc');
    expect(lines()[0]).toMatchObject({
      token: '[redacted]',
      header: 'Bearer [redacted]',
      msg: 'refused Bearer [redacted]',
    });
  });

  it('gives the bindings of its ancestors to a child, and none of them twice', () => {
    const { log, lines } = recordingLog();
    log.child({ a: 1, b: 1 }).child({ b: 2 }).info({ b: 3 }, 'x');
    expect(lines()[0]).toMatchObject({ a: 1, b: 3 });
  });

  it('writes nothing when silent', () => {
    expect(() => Log.silent().fatal({}, 'x')).not.toThrow();
  });

  it('writes to stderr alone and loses no line when the process exits', async () => {
    const script = `
      const { Log } = await import(${JSON.stringify(new URL('./log.ts', import.meta.url).href)});
      const log = Log.create();
      for (let n = 0; n < 5000; n++) log.info({ n, padding: 'x'.repeat(100) }, 'line');
      process.exit(3);`;
    const flags = ['--experimental-transform-types', '--no-warnings', '--conditions=@gantry/source'];
    const run = promisify(execFile)(process.execPath, [...flags, '--input-type=module', '-e', script], {
      maxBuffer: 10_000_000,
      env: { PATH: process.env['PATH'] },
    });
    const { code, stdout, stderr } = await run.then(
      () => Promise.reject(new Error('The process was to fail.')),
      (error: { code: number; stdout: string; stderr: string }) => error,
    );
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    const lines = stderr.trimEnd().split('\n');
    expect(lines).toHaveLength(5_000);
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ n: 4_999 });
  });
});
