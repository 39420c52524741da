import { describe, expect, it } from '@jest/globals';
import { sharedError } from '@gantry/errors';
import { composePipeline, failure, stageSlotOf, type Next } from '@gantry/pipeline';
import { testCall, testTool } from '@gantry/testing';
import { succeed } from '../test/fixtures.ts';
import { MetricsStage } from './metrics.stage.ts';
import { Metrics } from './metrics.ts';

function measured() {
  const metrics = new Metrics();
  const stage = new MetricsStage(metrics);
  const text = () => metrics.registry.metrics();
  return { text, run: (next: Next) => composePipeline(testTool(), new Map([['metrics', stage]]), next) };
}

describe('MetricsStage', () => {
  it('stands in its slot', () => {
    expect(stageSlotOf(MetricsStage)).toBe('metrics');
  });

  it('counts calls by tool and outcome', async () => {
    const { run, text } = measured();
    const refuse: Next = async () => failure(sharedError('permission_denied', 'No.'));
    for (const next of [succeed, succeed, refuse, refuse, refuse]) await run(next)(testCall());
    expect(await text()).toContain('mcp_requests_total{tool="get_order",status="ok"} 2');
    expect(await text()).toContain('mcp_requests_total{tool="get_order",status="permission_denied"} 3');
  });

  it('times every call', async () => {
    const { run, text } = measured();
    await run(succeed)(testCall());
    expect(await text()).toContain('mcp_request_duration_seconds_count{tool="get_order"} 1');
    expect(await text()).toMatch(/mcp_request_duration_seconds_bucket\{le="30",tool="get_order"\} 1/);
  });

  it('knows how many calls are running, also after a throw', async () => {
    const { run, text } = measured();
    let finish!: () => void;
    const slow = run(() => new Promise((_, reject) => (finish = () => reject(new Error('boom')))))(
      testCall(),
    );
    await Promise.resolve();
    expect(await text()).toContain('mcp_active_requests{tool="get_order"} 1');
    finish();
    await slow;
    expect(await text()).toContain('mcp_active_requests{tool="get_order"} 0');
    expect(await text()).toContain('mcp_requests_total{tool="get_order",status="internal_error"} 1');
  });

  it('shows a tool before its first call and its first failure, so that rates see them', async () => {
    const { run, text } = measured();
    run(succeed);
    for (const status of ['ok', 'internal_error', 'timeout', 'dependency_unavailable'])
      expect(await text()).toContain(`mcp_requests_total{tool="get_order",status="${status}"} 0`);
  });
});
