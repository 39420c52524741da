import { describe, expect, it } from '@jest/globals';
import { recordingLog } from '../test/fixtures.ts';
import { NestLog } from './nest-log.ts';

function lineOf(write: (log: NestLog) => void): Record<string, unknown> | undefined {
  const { log, lines } = recordingLog({ level: 'trace' });
  write(new NestLog(log));
  return lines()[0];
}

describe('NestLog', () => {
  it.each([
    ['log', 'info'],
    ['error', 'error'],
    ['warn', 'warn'],
    ['debug', 'debug'],
    ['verbose', 'trace'],
    ['fatal', 'fatal'],
  ] as const)('writes %s at level %s', (method, level) => {
    expect(lineOf((log) => log[method]('hello', 'Orders'))).toMatchObject({
      level,
      msg: 'hello',
      component: 'Orders',
    });
  });

  it("keeps Nest's account of its start for debugging", () => {
    expect(lineOf((log) => log.log('Mapped {/health, GET}', 'RouterExplorer'))).toMatchObject({
      level: 'debug',
    });
  });

  it('keeps what came with the message', () => {
    expect(lineOf((log) => log.error('failed', 'Error: x\n    at y', 'Orders'))).toMatchObject({
      component: 'Orders',
      details: ['Error: x\n    at y'],
    });
    expect(lineOf((log) => log.warn('odd', { token: 'x' }))).toMatchObject({
      details: [{ token: '[redacted]' }],
    });
    expect(lineOf((log) => log.error('failed', undefined, 'Orders'))).not.toHaveProperty('details');
  });

  it('writes errors and objects', () => {
    expect(lineOf((log) => log.error(new TypeError('bad')))).toMatchObject({
      msg: 'bad',
      err: { type: 'TypeError', stack: expect.any(String) },
    });
    expect(lineOf((log) => log.log({ a: 1 }))).toMatchObject({ message: { a: 1 } });
  });
});
