import { Metrics } from '@gantry/observability';
import { metricValue, waitFor } from '@gantry/testing';
import { describe, expect, it } from '@jest/globals';
import { Jobs } from '../src/index.ts';
import { useFixture } from './fixture.ts';
import { additions, failures, handlers } from './handlers.ts';

const the = useFixture(handlers, { MCP_JOBS_SUPERVISE_SECONDS: '1' });

const value = (name: string, labels: Record<string, string>) =>
  metricValue(the.replica.app.get(Metrics).registry, name, labels);

describe('the metrics of a queue', () => {
  it('show every outcome before the first attempt, so that rates see that', async () => {
    for (const outcome of ['completed', 'retried', 'dead'])
      expect(await value('mcp_jobs_total', { queue: 'slow', outcome })).toBe(0);
    expect(await value('mcp_job_duration_seconds', { queue: 'slow' })).toBe(0);
  });

  it('say how long the next job has been due: not those that are for later', async () => {
    await the.replica.write(() =>
      the.replica.app.get(Jobs).enqueue(additions, { name: the.thing }, { startAfter: 3_600 }),
    );
    expect(await value('mcp_job_queue_wait_seconds', { queue: 'additions' })).toBe(0);
    // Nobody works this one.
    await the.owner`select pgboss.create_queue('orphans', '{"policy": "standard"}')`;
    await the.owner`
      insert into pgboss.job (name, created_on, start_after) values
        ('orphans', now() - interval '2 hours', now() - interval '10 minutes'),
        ('orphans', now() - interval '1 minute', now() - interval '1 minute')`;
    const wait = await value('mcp_job_queue_wait_seconds', { queue: 'orphans' });
    expect(wait).toBeGreaterThanOrEqual(600);
    expect(wait).toBeLessThan(660);
    await waitFor(async () => (await value('mcp_job_queue_ready', { queue: 'orphans' })) === 2);
  });

  it('count the jobs that nobody could handle', async () => {
    await the.replica.write(() =>
      the.replica.app.get(Jobs).enqueue(failures, { name: the.thing, failures: 0, final: true }),
    );
    await waitFor(async () => (await value('mcp_job_queue_ready', { queue: 'failures.dead' })) === 1);
    expect(await value('mcp_jobs_total', { queue: 'failures', outcome: 'dead' })).toBe(1);
  });
});
