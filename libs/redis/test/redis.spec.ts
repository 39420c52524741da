import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { startTestRedis, waitFor } from '@gantry/testing';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startReplica, type Replica } from './fixture.ts';

const server = await startTestRedis();
afterAll(() => server?.close());

let replica: Replica;
afterEach(() => {
  replica.stop();
  server?.start();
});

const THERE = expect.stringContaining('Redis is there');
const AWAY = expect.stringContaining('Redis is away');
const errors = (reason: string) => replica.metric('mcp_redis_command_errors_total', { reason });

/** Fails if it takes anywhere near as long as a call may. */
async function failsSoon(command: () => Promise<unknown>): Promise<void> {
  const start = performance.now();
  await expect(command()).rejects.toThrow();
  expect(performance.now() - start).toBeLessThan(1_000);
}

describe('without a Redis', () => {
  it('says aloud what that means, and goes on', async () => {
    replica = await startReplica();
    expect(replica.lines()).toMatchObject([{ level: 'warn', msg: expect.stringContaining('no Redis') }]);
    expect(replica.redis).toMatchObject({ client: undefined, available: false });
    expect(await replica.health.report()).toEqual({ status: 'ok', dependencies: {} });
    expect(await replica.metric('mcp_redis_up')).toBeUndefined();
  });
});

describe('with a Redis that is not there at the start', () => {
  it('starts all the same, and says so', async () => {
    replica = await startReplica({ MCP_REDIS_URL: 'redis://app:hunter2@127.0.0.1:1' });
    expect(replica.redis.available).toBe(false);
    expect(replica.lines()).toMatchObject([{ level: 'warn', msg: AWAY, err: { code: 'ECONNREFUSED' } }]);
    expect(await replica.health.report()).toMatchObject({
      status: 'ok',
      dependencies: { redis: { status: 'down', critical: false } },
    });
    expect(await replica.metric('mcp_redis_up')).toBe(0);
    await failsSoon(() => replica.redis.client!.get('key'));
    expect(JSON.stringify(replica.lines())).not.toContain('hunter2');
  });

  it('looks for it elsewhere when the URL is rotated', async () => {
    replica = await startReplica({ MCP_REDIS_URL: 'redis://127.0.0.1:1' });
    replica.url!.rotate('redis://127.0.0.1:2');
    await waitFor(() => replica.lines().some(({ err }) => JSON.stringify(err).includes('127.0.0.1:2')));
  });

  it('starts although what is there never answers', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    replica = await startReplica({ MCP_REDIS_URL: `redis://127.0.0.1:${port}` });
    expect(replica.messages()).toEqual([AWAY]);
    silent.close();
  });
});

(server ? describe : describe.skip)('with a Redis', () => {
  beforeEach(async () => {
    replica = await startReplica({ MCP_REDIS_URL: server!.url });
  });

  it('is there when the service has started', async () => {
    expect(replica.redis.available).toBe(true);
    expect(replica.messages()).toEqual([THERE]);
    expect(await replica.metric('mcp_redis_up')).toBe(1);
    expect(await replica.health.report()).toMatchObject({ dependencies: { redis: { status: 'up' } } });
  });

  it('keeps the keys of a service apart from those of others', async () => {
    const key = randomUUID();
    await replica.redis.client!.set(key, 'mine', 'EX', 60);
    expect(await replica.redis.client!.call('get', `orders:${key}`)).toBeNull();
    expect(await replica.redis.client!.eval('return redis.call("get", ARGV[1])', 0, `orders:${key}`)).toBe(
      'mine',
    );
  });

  it('counts commands that Redis refuses, and stays available', async () => {
    await replica.redis.client!.set('text', 'abc', 'EX', 60);
    await expect(replica.redis.client!.incr('text')).rejects.toThrow('not an integer');
    expect(await errors('reply')).toBe(1);
    expect(replica.redis.available).toBe(true);
  });

  it('fails commands at once while Redis is gone, and comes back by itself', async () => {
    server!.stop();
    await waitFor(() => !replica.redis.available);
    await failsSoon(() => replica.redis.client!.get('key'));
    expect(await errors('connection')).toBe(1);
    expect(await replica.metric('mcp_redis_up')).toBe(0);
    expect(await replica.health.report()).toMatchObject({
      status: 'ok',
      dependencies: { redis: { status: 'down', critical: false } },
    });

    server!.start();
    await waitFor(() => replica.redis.available);
    await replica.redis.client!.ping();
    expect(replica.messages().filter((message) => message.includes('is there'))).toHaveLength(2);
  });

  it('says once of each cause that Redis is away, however often it tries', async () => {
    server!.stop();
    const attempts = () => (replica.redis.client as unknown as { retryAttempts: number }).retryAttempts;
    await waitFor(() => attempts() >= 5);
    const causes = replica
      .lines()
      .flatMap(({ level, err }) => (level === 'warn' ? [JSON.stringify(err)] : []));
    expect(causes.length).toBeGreaterThan(0);
    expect(new Set(causes.map((cause) => /"message":"[^"]*"/.exec(cause)?.[0])).size).toBe(causes.length);
  });

  it('fails commands that are under way when the connection breaks, and does not send them again', async () => {
    const key = randomUUID();
    server!.pause();
    const under = replica.redis.client!.incr(key);
    server!.stop();
    await failsSoon(() => under);
    server!.start();
    await waitFor(() => replica.redis.available);
    expect(await replica.redis.client!.get(key)).toBeNull();
  });

  it('waits for a Redis that hangs no longer than it may, and only once', async () => {
    server!.pause();
    await failsSoon(() => replica.redis.client!.get('key'));
    expect(await errors('timeout')).toBe(1);
    expect(replica.redis.available).toBe(false);
    await expect(replica.redis.client!.get('key')).rejects.toThrow('does not answer');
    await expect(replica.redis.client!.multi().get('key').exec()).rejects.toThrow();
    expect(await errors('timeout')).toBeLessThanOrEqual(3); // the pings that look for an answer are counted, too
  });

  it('does not blame Redis for the time in which this process was busy', async () => {
    const direct = await startReplica({ MCP_REDIS_URL: server!.directUrl }); // the proxy is in this process, too
    const answer = direct.redis.client!.ping();
    await new Promise((resolve) => setImmediate(resolve)); // sent
    const until = performance.now() + 400;
    while (performance.now() < until);
    expect(await answer).toBe('PONG');
    direct.stop();
  });

  it('trusts the same connection again as soon as there is an answer', async () => {
    const id = await replica.redis.client!.client('ID');
    server!.pause();
    await failsSoon(() => replica.redis.client!.get('key'));
    server!.start();
    await waitFor(() => replica.redis.available);
    expect(await replica.redis.client!.client('ID')).toBe(id);
    expect(replica.messages()).toEqual([THERE, AWAY, THERE]);
  });

  it('replaces a connection on which nothing comes back', async () => {
    const id = await replica.redis.client!.client('ID');
    server!.pause();
    await failsSoon(() => replica.redis.client!.get('key'));
    await waitFor(() => replica.redis.client!.status === 'reconnecting');
    server!.start();
    await waitFor(() => replica.redis.available);
    expect(await replica.redis.client!.client('ID')).not.toBe(id);
  });

  it('has no more commands under way than memory allows', async () => {
    server!.pause();
    const answers = await Promise.allSettled(
      Array.from({ length: 6_000 }, () => replica.redis.client!.get('key')),
    );
    const reasons = answers.map((answer) => String((answer as PromiseRejectedResult).reason));
    expect(reasons.filter((reason) => reason.includes('in time'))).toHaveLength(5_000);
    expect(reasons.filter((reason) => reason.includes('Too many'))).toHaveLength(1_000);
  });

  it('looks for the new primary when the one it knows has become a replica', async () => {
    const id = await replica.redis.client!.client('ID');
    await replica.redis.client!.replicaof('127.0.0.1', 1);
    await expect(replica.redis.client!.set('key', 1)).rejects.toThrow('READONLY');
    await waitFor(() => !replica.redis.available);
    await waitFor(() => replica.redis.available);
    await replica.redis.client!.replicaof('NO', 'ONE');
    expect(await replica.redis.client!.client('ID')).not.toBe(id);
  });

  it('takes over a rotated password', async () => {
    const name = `app-${randomUUID()}`;
    const admin = replica.redis.client!;
    const allow = (password: string) =>
      admin.acl('SETUSER', name, 'reset', 'on', `>${password}`, '~*', '+@all');
    const urlWith = (password: string) => server!.url.replace('://', `://${name}:${password}@`);
    await allow('old');
    const rotated = await startReplica({ MCP_REDIS_URL: urlWith('old') });
    expect(await rotated.redis.client!.acl('WHOAMI')).toBe(name);

    await allow('new');
    await admin.client('KILL', 'USER', name);
    await waitFor(() => rotated.lines().some(({ err }) => JSON.stringify(err)?.includes('WRONGPASS')));
    expect(rotated.redis.available).toBe(false);

    rotated.url!.rotate(urlWith('new'));
    await waitFor(() => rotated.redis.available);
    expect(await rotated.redis.client!.acl('WHOAMI')).toBe(name);
    rotated.stop();
    await admin.acl('DELUSER', name);
  });

  it('says nothing and keeps nothing open when the service ends', async () => {
    replica.stop();
    await waitFor(() => server!.connections === 0);
    expect(replica.messages()).toEqual([THERE]);
    await failsSoon(() => replica.redis.client!.ping());
  });
});
