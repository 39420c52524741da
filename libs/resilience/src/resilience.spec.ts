import { describe, expect, it, jest } from '@jest/globals';
import { sharedError } from '@gantry/errors';
import { Registry } from 'prom-client';
import { dependencyWith, hang, networkError, settle } from '../test/fixtures.ts';
import { Resilience } from './resilience.ts';

describe('Resilience', () => {
  it('shows the state of every dependency', async () => {
    const resilience = new Resilience({ registry: new Registry() });
    const payments = resilience.dependency('payments', { breaker: { opensAfter: { failuresInARow: 1 } } });
    resilience.dependency('records');
    await expect(payments.run(() => Promise.reject(networkError()))).rejects.toThrow('not available');
    expect(resilience.state()).toEqual({
      payments: { breaker: 'open', in_use: 0, queued: 0 },
      records: { breaker: 'closed', in_use: 0, queued: 0 },
    });
  });

  it('has every dependency once, or two would break for themselves', () => {
    const resilience = new Resilience({ registry: new Registry() });
    resilience.dependency('payments');
    expect(() => resilience.dependency('payments')).toThrow(
      'There already is a dependency named "payments".',
    );
  });

  it('tells when a breaker changes its state', async () => {
    const onBreakerChange = jest.fn();
    const resilience = new Resilience({ registry: new Registry(), onBreakerChange });
    const payments = resilience.dependency('payments', { breaker: { opensAfter: { failuresInARow: 1 } } });
    await payments.run(() => Promise.reject(networkError())).catch(() => {});
    expect(onBreakerChange.mock.calls).toEqual([['payments', 'open']]);
  });
});

describe('the metrics', () => {
  it('show a dependency before its first call, and before its first failure', async () => {
    const { metrics } = dependencyWith();
    const text = await metrics();
    expect(text).toContain('mcp_dependency_requests_total{dependency="payments",outcome="ok"} 0');
    expect(text).toContain('mcp_dependency_requests_total{dependency="payments",outcome="unavailable"} 0');
    expect(text).toContain('mcp_dependency_retries_total{dependency="payments"} 0');
    expect(text).toContain('mcp_dependency_breaker_state{dependency="payments",state="closed"} 1');
    expect(text).toContain('mcp_dependency_breaker_state{dependency="payments",state="open"} 0');
  });

  it('count calls by outcome, once each, however many attempts they took', async () => {
    const { dependency, metrics } = dependencyWith({
      bulkhead: { concurrent: 1, queued: 0 },
      breaker: { opensAfter: { failuresInARow: 4 } },
    });
    const run = (work: () => Promise<unknown>) => dependency.run(work, { idempotent: true }).catch(() => {});
    const reject = (error: Error) => run(() => Promise.reject(error));
    await run(async () => 'answer');
    await reject(sharedError('not_found', 'No such payment.'));
    await reject(networkError());
    await dependency.run(hang, { within: { deadline: 0 } }).catch(() => {});
    await dependency.run(hang, { within: { signal: AbortSignal.abort() } }).catch(() => {});
    await reject(networkError());
    await run(async () => 'answer');
    const text = await metrics();
    const expected = { ok: 1, error: 1, unavailable: 2, timeout: 1, cancelled: 1, breaker_open: 1 };
    for (const [outcome, count] of Object.entries(expected)) {
      expect(text).toContain(
        `mcp_dependency_requests_total{dependency="payments",outcome="${outcome}"} ${count}`,
      );
    }
    expect(text).toContain('mcp_dependency_breaker_state{dependency="payments",state="open"} 1');
  });

  it('time calls, and leave out those that were refused', async () => {
    const { dependency, metrics } = dependencyWith({ bulkhead: { concurrent: 1, queued: 1 } });
    await dependency.run(async () => 'answer');
    let finish!: () => void;
    const held = dependency.run(() => new Promise<void>((resolve) => (finish = resolve)));
    const waiting = dependency.run(async () => 'answer');
    await expect(dependency.run(hang)).rejects.toMatchObject({ reason: 'bulkhead_full' });
    await settle();
    const busy = await metrics();
    expect(busy).toContain('mcp_dependency_bulkhead_in_use{dependency="payments"} 1');
    expect(busy).toContain('mcp_dependency_bulkhead_queued{dependency="payments"} 1');
    expect(busy).toContain('mcp_dependency_request_duration_seconds_count{dependency="payments"} 1');
    finish();
    await Promise.all([held, waiting]);
    const idle = await metrics();
    expect(idle).toContain('mcp_dependency_bulkhead_in_use{dependency="payments"} 0');
    expect(idle).toContain('mcp_dependency_request_duration_seconds_count{dependency="payments"} 3');
    expect(idle).toContain('mcp_dependency_requests_total{dependency="payments",outcome="bulkhead_full"} 1');
  });
});
