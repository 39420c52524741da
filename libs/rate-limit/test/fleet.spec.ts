import { randomUUID } from 'node:crypto';
import type { ErrorEnvelope } from '@gantry/errors';
import { startTestRedis, waitFor } from '@gantry/testing';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { limitedTool, startReplica, type Replica, type Who } from './replica.ts';

const server = await startTestRedis();
afterAll(() => server?.close());

const tool = limitedTool(100);

(server ? describe : describe.skip)('two replicas with Redis', () => {
  let replicas: Replica[];
  let who: Who;
  beforeEach(async () => {
    const env = { MCP_REDIS_URL: server!.url };
    replicas = await Promise.all([startReplica(env), startReplica(env)]);
    who = { subject: randomUUID() };
  });
  afterEach(async () => {
    server!.start();
    await Promise.all(replicas.map((replica) => replica.stop()));
  });

  /** Spreads calls over both replicas and returns the refusals. */
  async function refusals(calls: number, caller = who): Promise<ErrorEnvelope[]> {
    const answers = await Promise.all(
      Array.from({ length: calls }, (_, index) => replicas[index % 2]!.call(tool, caller)),
    );
    return answers.filter((answer) => answer !== undefined);
  }

  async function passes(calls: number, caller = who): Promise<number> {
    return calls - (await refusals(calls, caller)).length;
  }

  async function everywhere(name: string): Promise<number> {
    const values = await Promise.all(replicas.map((replica) => replica.metric(name)));
    return values.reduce<number>((sum, value) => sum + value!, 0);
  }

  const shared = () => waitFor(() => replicas.every(({ redis }) => redis.available));

  it('let exactly 100 of 200 calls pass', async () => {
    const refused = await refusals(200);
    expect(refused).toHaveLength(100);
    for (const { code, retry_after_seconds, details } of refused) {
      expect({ code, details }).toEqual({
        code: 'rate_limited',
        details: { limit: 100, window_seconds: 60 },
      });
      expect(retry_after_seconds).toBeGreaterThanOrEqual(55);
      expect(retry_after_seconds).toBeLessThanOrEqual(60);
    }
    expect(await everywhere('mcp_rate_limit_fallback_total')).toBe(0);
  });

  it('let exactly 100 pass when the calls come one after the other', async () => {
    let passed = 0;
    for (let made = 0; made < 200; made += 2) passed += await passes(2);
    expect(passed).toBe(100);
  });

  it('ask Redis no more about a principal that has used up its window', async () => {
    await refusals(250);
    async function seen(): Promise<number> {
      const stats = await replicas[0]!.redis.client!.info('commandstats');
      const calls = [...stats.matchAll(/^cmdstat_eval(?:sha)?:calls=(\d+)/gm)].map(([, count]) =>
        Number(count),
      );
      return calls.reduce((sum, count) => sum + count, 0);
    }
    const before = await seen();
    expect(before).toBeGreaterThanOrEqual(100);
    await refusals(250);
    expect(await seen()).toBe(before);
  });

  it('go on by themselves when Redis is stopped half-way, and share the limit again when it is back', async () => {
    for (let made = 0; made < 60; made += 2) expect(await passes(2)).toBe(2);

    server!.stop();
    await waitFor(() => replicas.every(({ redis }) => !redis.available));
    const passed = await passes(140);
    // Each goes on from what it last heard: that 59 or 60 calls had passed in the whole fleet.
    expect(passed).toBeGreaterThanOrEqual(80);
    expect(passed).toBeLessThanOrEqual(82);
    expect(await everywhere('mcp_rate_limit_fallback_total')).toBe(passed);
    expect(await everywhere('mcp_rate_limit_fallback')).toBe(2);

    server!.start();
    await shared();
    expect(await passes(200, { subject: randomUUID() })).toBe(100);
    expect(await everywhere('mcp_rate_limit_fallback_total')).toBe(passed);
    expect(await everywhere('mcp_rate_limit_fallback')).toBe(0);
  });

  it('answer every call when Redis goes and comes while they are made', async () => {
    const outage = (async () => {
      for (const change of [server!.stop, server!.start, server!.pause, server!.start]) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        change();
      }
    })();
    for (let made = 0; made < 600; made += 10) {
      expect(await refusals(10, { subject: randomUUID() })).toEqual([]);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await outage;
    await shared();
    expect(await passes(200)).toBe(100);
  });

  it('let a Redis that hangs cost one patience, not one for each call', async () => {
    expect(await passes(20)).toBe(20);
    server!.pause();
    for (let made = 0; made < 20; made += 2) expect(await passes(2)).toBe(2);
    expect(await everywhere('mcp_rate_limit_fallback_total')).toBe(20);
    expect(await replicas[0]!.metric('mcp_rate_limit_fallback')).toBe(1);

    server!.start();
    await shared();
    expect(await passes(200, { subject: randomUUID() })).toBe(100);
  });

  it('begin a new window when the old one is over', async () => {
    const [key] = await whileItWrites(() => passes(1));
    await replicas[0]!.redis.client!.pexpire(key!, 400);
    expect(await passes(200)).toBe(99);
    await new Promise((resolve) => setTimeout(resolve, 450));
    expect(await passes(200)).toBe(100);
  });

  it('leave nothing in Redis for ever, and nothing that tells who called', async () => {
    who = { tenant: `tenant-${randomUUID()}`, subject: `subject-${randomUUID()}`, client: 'agent-x' };
    const keys = await whileItWrites(() => passes(4));
    expect(keys).toHaveLength(1);
    expect(keys[0]).toMatch(/^rate-limit:get_order:[\w-]{43}$/);
    const ttl = await replicas[0]!.redis.client!.pttl(keys[0]!);
    expect(ttl).toBeGreaterThan(50_000);
    expect(ttl).toBeLessThanOrEqual(60_000);
  });

  it('let a call pass although Redis refuses to count it', async () => {
    const [key] = await whileItWrites(() => passes(1));
    await replicas[0]!.redis.client!.set(key!, 'not a number');
    expect(await passes(10)).toBe(10);
    expect(await everywhere('mcp_rate_limit_fallback_total')).toBe(10);
  });

  /** The keys, without the prefix of the service, that are new in Redis after `work`. */
  async function whileItWrites(work: () => Promise<unknown>): Promise<string[]> {
    const keys = () => replicas[0]!.redis.client!.keys('*');
    const before = new Set(await keys());
    await work();
    const added = (await keys()).filter((key) => !before.has(key));
    for (const key of added) expect(key).toMatch(/^orders:/);
    return added.map((key) => key.slice('orders:'.length));
  }
});
