import { afterEach, describe, expect, it } from '@jest/globals';
import { limitedTool, startReplica, type Replica, type Who } from './replica.ts';

const tool = limitedTool(3);

let replica: Replica;
afterEach(() => replica.stop());

async function passes(calls: number, who: Who = {}, called = tool): Promise<number> {
  let passed = 0;
  for (let made = 0; made < calls; made++) if (!(await replica.call(called, who))) passed++;
  return passed;
}

describe('a replica without Redis', () => {
  it('refuses what is over the limit, and says when to come back', async () => {
    replica = await startReplica();
    expect(await passes(3)).toBe(3);
    expect(await replica.call(tool, {})).toEqual({
      error: 'get_order takes at most 3 calls a minute from you.',
      code: 'rate_limited',
      category: 'client_error',
      retryable: true,
      hint: 'Wait retry_after_seconds, then repeat the same call.',
      retry_after_seconds: 60,
      error_id: expect.any(String),
      details: { limit: 3, window_seconds: 60 },
    });
  });

  it('counts each tenant, subject, client and tool by itself', async () => {
    replica = await startReplica();
    expect(await passes(9)).toBe(3);
    expect(await passes(9, { tenant: 'umbrella' })).toBe(3);
    expect(await passes(9, { subject: 'bob' })).toBe(3);
    expect(await passes(9, { client: 'robot' })).toBe(3);
    expect(await passes(9, {}, limitedTool(5, 'list_orders'))).toBe(5);
  });

  it('does not speak of a Redis that it does not have', async () => {
    replica = await startReplica();
    await passes(9);
    expect(await replica.metric('mcp_rate_limit_fallback')).toBeUndefined();
    expect(await replica.metric('mcp_rate_limit_fallback_total')).toBeUndefined();
  });

  it('refuses nothing when limits are off', async () => {
    replica = await startReplica({ MCP_RATE_LIMITS: 'off' });
    expect(replica.stage.forTool(tool)).toBeUndefined();
    expect(await passes(9)).toBe(9);
  });
});

describe('a replica whose Redis is away', () => {
  it('limits by itself, and says so', async () => {
    replica = await startReplica({ MCP_REDIS_URL: 'redis://127.0.0.1:1' });
    expect(await passes(9)).toBe(3);
    expect(await replica.metric('mcp_rate_limit_fallback')).toBe(1);
    expect(await replica.metric('mcp_rate_limit_fallback_total')).toBe(3);
  });
});
