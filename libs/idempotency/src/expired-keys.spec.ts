import { Log } from '@gantry/observability';
import type { Database } from '@gantry/postgres';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ExpiredKeys } from './expired-keys.ts';

const LONGEST_INTERVAL_MS = 15 * 60_000;

/** A database of which only the purges matter: they delete what `batches` says, or fail. */
function purging(batches: (number | Error)[]) {
  const signals: (AbortSignal | undefined)[] = [];
  const database = {
    write: async ({ signal }: { signal?: AbortSignal }, work: () => Promise<number>) => {
      signals.push(signal);
      return work();
    },
    sql: async () => {
      const purged = batches.shift() ?? 0;
      if (purged instanceof Error) throw purged;
      return [{ purged }];
    },
  };
  return { database: database as unknown as Database, signals };
}

function logTo(lines: unknown[]): Log {
  return Log.create({ destination: { write: (line) => void lines.push(JSON.parse(line)) } });
}

describe('ExpiredKeys', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('purges batch by batch until there is nothing left, and again later', async () => {
    const { database, signals } = purging([1_000, 1_000, 3]);
    const expiredKeys = new ExpiredKeys(database, Log.silent());
    expiredKeys.onApplicationBootstrap();
    expect(signals).toHaveLength(0);
    await jest.advanceTimersByTimeAsync(LONGEST_INTERVAL_MS);
    expect(signals.length).toBeGreaterThanOrEqual(3);
    const soFar = signals.length;
    await jest.advanceTimersByTimeAsync(2 * LONGEST_INTERVAL_MS);
    expect(signals.length).toBeGreaterThan(soFar);
    await expiredKeys.onModuleDestroy();
  });

  it('leaves the rest for later after 100 batches', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0.5);
    const { database, signals } = purging(new Array(500).fill(1_000));
    const expiredKeys = new ExpiredKeys(database, Log.silent());
    expiredKeys.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(10 * 60_000);
    expect(signals).toHaveLength(100);
    await expiredKeys.onModuleDestroy();
    jest.restoreAllMocks();
  });

  it('does not keep the process alive', () => {
    jest.useRealTimers();
    const unref = jest.spyOn(globalThis, 'setTimeout');
    const expiredKeys = new ExpiredKeys(purging([]).database, Log.silent());
    expiredKeys.onApplicationBootstrap();
    const timer = unref.mock.results.at(-1)!.value as NodeJS.Timeout;
    expect(timer.hasRef()).toBe(false);
    unref.mockRestore();
    return expiredKeys.onModuleDestroy();
  });

  it('logs a failure and tries again', async () => {
    const lines: unknown[] = [];
    const { database, signals } = purging([new Error('connection refused')]);
    const expiredKeys = new ExpiredKeys(database, logTo(lines));
    expiredKeys.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(2 * LONGEST_INTERVAL_MS);
    expect(lines).toEqual([expect.objectContaining({ level: 'warn' })]);
    expect(signals.length).toBeGreaterThan(1);
    await expiredKeys.onModuleDestroy();
  });

  it('cancels what is running when the service stops, says nothing, and does not come back', async () => {
    const lines: unknown[] = [];
    const { signals, database } = purging([]);
    const stopped = Promise.withResolvers<never>();
    Object.assign(database, { sql: () => stopped.promise });
    const expiredKeys = new ExpiredKeys(database, logTo(lines));
    expiredKeys.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(LONGEST_INTERVAL_MS);
    signals[0]!.addEventListener('abort', () => stopped.reject(new Error('cancelled')));
    await expiredKeys.onModuleDestroy();
    await jest.advanceTimersByTimeAsync(10 * LONGEST_INTERVAL_MS);
    expect(signals).toHaveLength(1);
    expect(lines).toEqual([]);
  });
});
