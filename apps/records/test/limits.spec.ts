import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestRedis, waitFor } from '@gantry/testing';
import { startRecords, type RunningRecords } from './running-records.ts';

/** What `list_collections` promises. */
const LIMIT = 100;

const redis = await startTestRedis();

let one: RunningRecords;
let two: RunningRecords;

beforeAll(async () => {
  // A busy test machine is not an outage of Redis: the default of 50 ms would take it for one.
  const env = {
    MCP_RATE_LIMITS: 'on',
    ...(redis && { MCP_REDIS_URL: redis.url, MCP_REDIS_COMMAND_TIMEOUT_MS: '2000' }),
  };
  one = await startRecords(env);
  two = await startRecords(env, one);
});
afterAll(async () => {
  await two.stop();
  await one.stop();
  await redis?.close();
});

/** Fewer at once than a replica lets one tool do: this is about how many a minute. */
const AT_ONCE = 40;

/** Calls in turn through both replicas. @returns how many passed, and the refusals */
async function callBoth(times: number, subject: string) {
  const token = await one.token({ subject });
  const results: Record<string, unknown>[] = [];
  for (let done = 0; done < times; done += AT_ONCE) {
    const wave = Array.from({ length: Math.min(AT_ONCE, times - done) }, (_, index) =>
      (index % 2 ? one : two).call('tools/call', { name: 'list_collections', arguments: {} }, token),
    );
    results.push(...(await Promise.all(wave)).map(({ json }) => json.result!));
  }
  const refused = results.filter((result) => result['isError']);
  return { passed: times - refused.length, refused };
}

/** What a replica's metrics say of Redis. */
async function seesRedis(replica: RunningRecords): Promise<boolean> {
  const metrics = await (await fetch(replica.url.replace('/mcp', '/metrics'))).text();
  return /^mcp_redis_up(\{[^}]*\})? 1$/m.test(metrics);
}

describe('the limit of a tool', () => {
  it('refuses what is too much, and says when to come again', async () => {
    const { refused } = await callBoth(4 * LIMIT, 'eager');
    expect(refused[0]).toMatchObject({
      structuredContent: {
        code: 'rate_limited',
        retryable: true,
        retry_after_seconds: expect.any(Number),
      },
    });
  });
});

(redis ? describe : describe.skip)('the limit of a tool, over two replicas with Redis', () => {
  it('counts for the fleet: exactly as many calls pass as are allowed', async () => {
    expect((await callBoth(2 * LIMIT, 'ada')).passed).toBe(LIMIT);
  });

  it('still answers calls while Redis is away, and is shared again when it is back', async () => {
    redis!.stop();
    const { passed, refused } = await callBoth(20, 'grace');
    expect({ passed, refused }).toEqual({ passed: 20, refused: [] });
    expect(await seesRedis(one)).toBe(false);
    redis!.start();
    await waitFor(async () => (await seesRedis(one)) && (await seesRedis(two)), 15_000);
    expect((await callBoth(2 * LIMIT, 'edsger')).passed).toBe(LIMIT);
  });
});
