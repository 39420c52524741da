import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sharedError } from '@gantry/errors';
import { waitFor } from '@gantry/testing';
import type { Attempt } from '../src/dependency.ts';
import { dependencyWith } from './fixtures.ts';
import { startFlakyServer, type FlakyServer } from './flaky-server.ts';

let server: FlakyServer;

beforeEach(async () => {
  server = await startFlakyServer();
});

afterEach(() => server.close());

const safe = { idempotent: true };

/** How a service would call another one over HTTP. */
async function get({ signal }: Attempt): Promise<string> {
  const response = await fetch(server.url, { signal });
  if (response.status >= 500) throw sharedError('dependency_unavailable', 'It failed.');
  if (!response.ok) throw sharedError('not_found', 'No such payment.');
  return response.text();
}

/** Work during which the server changes its mood after the first attempts. */
function getAfter(attempts: number, mood: FlakyServer['mood']) {
  return (attempt: Attempt) => {
    if (attempt.number > attempts) server.mood = mood;
    return get(attempt);
  };
}

describe('a server that fails', () => {
  it.each(['reset', 'busy'] as const)('is asked again: %s, then an answer', async (mood) => {
    const { dependency } = dependencyWith();
    server.mood = mood;
    await expect(dependency.run(getAfter(2, 'answer'), safe)).resolves.toBe('answer');
    expect(server.requests).toBe(3);
  });

  it('gets a request once that must not be repeated', async () => {
    const { dependency } = dependencyWith();
    server.mood = 'reset';
    await expect(dependency.run(get)).rejects.toMatchObject({ code: 'dependency_unavailable' });
    expect(server.requests).toBe(1);
  });

  it('is not asked again for what it refuses', async () => {
    const { dependency } = dependencyWith();
    server.mood = 'refuse';
    await expect(dependency.run(get, safe)).rejects.toMatchObject({ code: 'not_found' });
    expect(server.requests).toBe(1);
  });

  it('is not stormed: retries add no more than the budget to the load of an outage', async () => {
    const { dependency } = dependencyWith({
      breaker: { opensAfter: { failuresInARow: 10_000 } },
      bulkhead: { concurrent: 10, queued: 1_000 },
      retryBudget: { ratio: 0.2, burst: 5 },
    });
    server.mood = 'busy';
    const calls = Array.from({ length: 200 }, () => dependency.run(get, safe));
    for (const { status } of await Promise.allSettled(calls)) expect(status).toBe('rejected');
    expect(server.requests).toBeGreaterThan(200);
    expect(server.requests).toBeLessThanOrEqual(200 + 0.2 * 200 + 5);
    expect(server.mostOpen).toBeLessThanOrEqual(10);
  });
});

describe('a server that is not there', () => {
  it('is unavailable, and nothing is said of where it was looked for', async () => {
    const { dependency } = dependencyWith();
    const nobody = await startFlakyServer();
    await nobody.close();
    const call = dependency.run(({ signal }) => fetch(nobody.url, { signal }), safe);
    await expect(call).rejects.toMatchObject({
      code: 'dependency_unavailable',
      message: 'payments is not available.',
      retryAfterSeconds: 1,
    });
  });
});

describe('a server that hangs', () => {
  it.each(['hang', 'stall'] as const)('keeps nobody longer than an attempt may take: %s', async (mood) => {
    const { dependency } = dependencyWith({ attemptMs: 100, attempts: 2 });
    server.mood = mood;
    await expect(dependency.run(get, safe)).rejects.toMatchObject({ code: 'timeout', retryAfterSeconds: 1 });
    expect(server.requests).toBe(2);
    // The signal has ended the requests, not only the wait for them.
    await waitFor(() => server.open === 0);
    expect(dependency.state()).toMatchObject({ in_use: 0 });
  });

  it('is left in the middle of an attempt when the caller goes away', async () => {
    const { dependency } = dependencyWith();
    server.mood = 'hang';
    const caller = new AbortController();
    const call = dependency.run(get, { ...safe, within: { signal: caller.signal } });
    const settled = expect(call).rejects.toMatchObject({ code: 'cancelled' });
    await waitFor(() => server.open === 1);
    caller.abort();
    await settled;
    await waitFor(() => server.open === 0);
    expect(server.requests).toBe(1);
  });

  it('holds a bounded number of calls, and no more wait than may', async () => {
    const { dependency } = dependencyWith({ attemptMs: 1_000, bulkhead: { concurrent: 4, queued: 3 } });
    server.mood = 'hang';
    const calls = Array.from({ length: 20 }, () => dependency.run(get).catch((error: unknown) => error));
    await waitFor(() => server.open === 4);
    expect(dependency.state()).toMatchObject({ in_use: 4, queued: 3 });
    server.mood = 'answer';
    const settled = await Promise.all(calls);
    const codes = settled.map((outcome) => (outcome as { code?: string }).code);
    expect(codes.filter((code) => code === 'dependency_unavailable')).toHaveLength(13);
    expect(codes.filter((code) => code === 'timeout')).toHaveLength(4);
    expect(settled.filter((outcome) => outcome === 'answer')).toHaveLength(3);
    expect(server.mostOpen).toBe(4);
  });
});

describe('a server that comes back', () => {
  it('is left alone while the breaker is open, tried with one request, and then used again', async () => {
    const { dependency, metrics } = dependencyWith({
      attemptMs: 1_000,
      breaker: { opensAfter: { failuresInARow: 3 }, openMs: 300 },
    });
    server.mood = 'reset';
    for (let calls = 0; calls < 3; calls += 1) await dependency.run(get).catch(() => {});
    expect(dependency.state().breaker).toBe('open');

    await expect(dependency.run(get, safe)).rejects.toMatchObject({ reason: 'breaker_open' });
    expect(server.requests).toBe(3);

    await sleep(310);
    server.mood = 'hang';
    const probes = Array.from({ length: 10 }, () => dependency.run(get).catch((error: unknown) => error));
    await waitFor(() => server.open === 1);
    expect(dependency.state().breaker).toBe('half_open');
    await Promise.all(probes);
    expect(server.requests).toBe(4);
    expect(dependency.state().breaker).toBe('open');

    await sleep(310);
    server.mood = 'answer';
    await expect(dependency.run(get)).resolves.toBe('answer');
    await expect(Promise.all([dependency.run(get), dependency.run(get)])).resolves.toEqual([
      'answer',
      'answer',
    ]);
    expect(dependency.state()).toEqual({ breaker: 'closed', in_use: 0, queued: 0 });
    expect(await metrics()).toContain(
      'mcp_dependency_requests_total{dependency="payments",outcome="breaker_open"} 10',
    );
  });
});
