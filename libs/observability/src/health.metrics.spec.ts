import { describe, expect, it } from '@jest/globals';
import { measureHealth } from './health.metrics.ts';
import { HealthRegistry } from './health.registry.ts';
import { Log } from './log.ts';
import { Metrics } from './metrics.ts';

describe('the metrics of health', () => {
  it('say what /health/ready says, and which check it is', async () => {
    const metrics = new Metrics();
    const health = new HealthRegistry(Log.silent());
    measureHealth(metrics, health);
    const text = async () =>
      ((await metrics.registry.metrics()).match(/^mcp_(ready|health_check).*$/gm) ?? []).sort();

    let database = async () => {};
    health.register('postgres', () => database());
    health.register('redis', () => Promise.reject(new Error('away')), { critical: false });
    const redis = 'mcp_health_check_up{check="redis"} 0';
    expect(await text()).toEqual(['mcp_health_check_up{check="postgres"} 1', redis, 'mcp_ready 1']);

    database = () => Promise.reject(new Error('away'));
    expect(await text()).toEqual(['mcp_health_check_up{check="postgres"} 0', redis, 'mcp_ready 0']);

    database = async () => {};
    health.startDraining();
    expect(await text()).toEqual(['mcp_health_check_up{check="postgres"} 1', redis, 'mcp_ready 0']);
  });
});
