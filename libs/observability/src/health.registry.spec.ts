import { describe, expect, it } from '@jest/globals';
import { recordingLog } from '../test/fixtures.ts';
import { HealthRegistry } from './health.registry.ts';
import { Log } from './log.ts';

const works = async () => {};
const fails = async () => {
  throw new Error('connect ECONNREFUSED postgres://app:pw@db1.internal:5432');
};
const hangs = () => new Promise<void>(() => {});

describe('HealthRegistry', () => {
  it('is ok without dependencies', async () => {
    expect(await new HealthRegistry(Log.silent()).report()).toEqual({ status: 'ok', dependencies: {} });
  });

  it('tells the state of each dependency, with what the check says of it', async () => {
    const registry = new HealthRegistry(Log.silent());
    registry.register('postgres', async () => ({ pool: { size: 10 }, url: 'postgres://app:pw@db/x' }));
    registry.register('redis', works);
    expect(await registry.report()).toEqual({
      status: 'ok',
      dependencies: {
        postgres: {
          status: 'up',
          response_time_ms: expect.any(Number),
          details: { pool: { size: 10 }, url: 'postgres://app:[redacted]@db/x' },
        },
        redis: { status: 'up', response_time_ms: expect.any(Number) },
      },
    });
  });

  it('says that a dependency is down, and why only to the log', async () => {
    const { log, lines } = recordingLog();
    const registry = new HealthRegistry(log);
    registry.register('postgres', fails);
    registry.register('redis', works);
    const report = await registry.report();
    expect(report).toMatchObject({
      status: 'error',
      dependencies: {
        postgres: { status: 'down', reason: 'The check failed; see the log.' },
        redis: { status: 'up' },
      },
    });
    expect(JSON.stringify(report)).not.toMatch(/db1|ECONNREFUSED|pw/);
    expect(lines()).toMatchObject([
      { level: 'warn', dependency: 'postgres', err: { message: expect.stringContaining('db1.internal') } },
    ]);
  });

  it('stays ok without a dependency that it can do without, and says that it is down', async () => {
    const { log, lines } = recordingLog();
    const registry = new HealthRegistry(log);
    registry.register('redis', fails, { critical: false });
    registry.register('postgres', works);
    expect(await registry.report()).toMatchObject({
      status: 'ok',
      dependencies: { redis: { status: 'down', critical: false }, postgres: { status: 'up' } },
    });
    expect(lines()).toMatchObject([{ level: 'warn', dependency: 'redis', msg: 'dependency is down' }]);
  });

  it('takes a check that throws at once for one that fails', async () => {
    const registry = new HealthRegistry(Log.silent());
    registry.register('postgres', () => {
      throw new Error('not started');
    });
    expect(await registry.report()).toMatchObject({ dependencies: { postgres: { status: 'down' } } });
  });

  it('gives up on a check that takes too long, and tells it so', async () => {
    const registry = new HealthRegistry(Log.silent());
    let aborted = false;
    const slow = (signal: AbortSignal) => {
      signal.addEventListener('abort', () => (aborted = true));
      return hangs();
    };
    registry.register('redis', slow, { timeoutMs: 5 });
    expect(await registry.report()).toMatchObject({
      dependencies: { redis: { status: 'down', reason: 'No answer within 5 ms.' } },
    });
    expect(aborted).toBe(true);
  });

  it('waits one second unless told otherwise', async () => {
    const registry = new HealthRegistry(Log.silent());
    registry.register('redis', hangs);
    expect(await registry.report()).toMatchObject({
      dependencies: { redis: { reason: 'No answer within 1000 ms.' } },
    });
  });

  it('logs changes, not states', async () => {
    const { log, lines } = recordingLog();
    const registry = new HealthRegistry(log);
    let check = fails;
    registry.register('postgres', () => check());
    await registry.report();
    await registry.report();
    check = works as typeof fails;
    await registry.report();
    await registry.report();
    expect(lines().map(({ msg }) => msg)).toEqual(['dependency is down', 'dependency is up again']);
  });

  it('asks once for questions asked at the same time, and again for later ones', async () => {
    const registry = new HealthRegistry(Log.silent());
    let asked = 0;
    registry.register('postgres', async () => void asked++);
    await Promise.all([registry.report(), registry.report(), registry.report()]);
    expect(asked).toBe(1);
    await registry.report();
    expect(asked).toBe(2);
  });

  it('says when it is draining', async () => {
    const registry = new HealthRegistry(Log.silent());
    expect(registry.draining).toBe(false);
    registry.startDraining();
    expect(registry.draining).toBe(true);
    expect((await registry.report()).status).toBe('draining');
  });

  it('refuses a name twice, and the name of the service itself', () => {
    const registry = new HealthRegistry(Log.silent());
    registry.register('postgres', works);
    expect(() => registry.register('postgres', works)).toThrow('"postgres"');
    expect(() => registry.register('service', works)).toThrow('"service"');
  });
});
