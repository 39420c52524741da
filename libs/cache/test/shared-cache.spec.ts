import { randomUUID } from 'node:crypto';
import { startTestRedis } from '@gantry/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startFleet, type Fleet } from './fleet.ts';
import type { Replica } from './replica.ts';

const server = await startTestRedis();
afterAll(() => server?.close());

(server ? describe : describe.skip)('two replicas that share a cache', () => {
  let fleet: Fleet;
  let a: Replica;
  let b: Replica;
  let id: string;
  beforeAll(async () => {
    fleet = await startFleet(server!, {
      MCP_CACHE_MAX_ENTRY_BYTES: '1000',
      MCP_CACHE_MAX_TTL_SECONDS: '120',
    });
    ({ a, b } = fleet);
  });
  afterAll(() => fleet.stop());
  beforeEach(async () => {
    id = randomUUID();
    await a.write(id, 'first');
    await a.settled();
    await Promise.all([a.results(), b.results()]);
  });

  /** The key that appears in Redis when the note is read. */
  async function copyOf(read: () => Promise<unknown> = () => a.note(id)): Promise<string> {
    const before = new Set(await fleet.keys('cache:entry:*'));
    await read();
    const added = (await fleet.keys('cache:entry:*')).filter((key) => !before.has(key));
    expect(added).toHaveLength(1);
    return added[0]!;
  }

  it('loads once for both', async () => {
    expect(await a.note(id)).toBe('first');
    await a.settled();
    expect(await b.note(id)).toBe('first');
    expect(await a.note(id)).toBe('first');
    expect(await a.results()).toEqual({ miss: 1, hit: 1 });
    expect(await b.results()).toEqual({ hit: 1 });
    expect(b.loads).toBe(0);
  });

  it('shows a change made through one at once through the other', async () => {
    expect(await b.note(id)).toBe('first');
    await a.write(id, 'second');
    expect(await a.note(id)).toBe('second');
    expect(await b.note(id)).toBe('second');
    await b.settled();
    await b.write(id, 'third');
    expect(await a.note(id)).toBe('third');
    await a.settled();
    await a.results();
    expect(await a.note(id)).toBe('third');
    expect(await a.results()).toEqual({ hit: 1 });
    expect(await a.metric('mcp_cache_invalidations_total', { result: 'failed' })).toBe(0);
    expect(await a.metric('mcp_cache_invalidations_total', { result: 'ok' })).toBeGreaterThan(0);
  });

  it('drops what has any of the tags, and nothing else', async () => {
    const other = randomUUID();
    await a.write(other, 'other');
    const again = () => Promise.all([a.note(id), a.note(other)]);
    await again();
    await a.settled();
    await a.write(other, 'other again');
    await a.settled();
    await a.results();
    expect(await again()).toEqual(['first', 'other again']);
    expect(await a.results()).toEqual({ hit: 1, miss: 1 });

    await a.database.write({ tenant: 'acme' }, () =>
      a.cache.invalidate('acme', ['notes', 'notes', 'unused']),
    );
    await a.settled();
    await again();
    expect(await a.results()).toEqual({ miss: 2 });
  });

  it('forgets a copy when its time is over', async () => {
    const key = await copyOf(() => a.note(id, { ttlMs: 40_000.7 }));
    const left = await a.redis.client!.pttl(key);
    expect(left).toBeGreaterThan(20_000);
    expect(left).toBeLessThanOrEqual(40_000);
    await a.redis.client!.pexpire(key, 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await a.results();
    expect(await a.note(id)).toBe('first');
    expect(await a.results()).toEqual({ miss: 1 });
  });

  it('keeps nothing longer than the operator allows', async () => {
    const key = await copyOf(() => a.note(id, { ttlMs: Infinity }));
    expect(await a.redis.client!.pttl(key)).toBeLessThanOrEqual(120_000);
  });

  it.each([0, -1, 0.5, NaN])('keeps nothing for %d ms', async (ttlMs) => {
    for (let reads = 0; reads < 2; reads++) expect(await a.note(id, { ttlMs })).toBe('first');
    expect(await a.results()).toEqual({ bypass: 2 });
  });

  it('does not keep what is too large, counted in bytes, nor what would come back different', async () => {
    for (const body of ['é'.repeat(501), 'x'.repeat(1_001), '\ud800']) {
      const entry = { tenant: 'acme', key: randomUUID(), tags: [], ttlMs: 60_000 };
      for (let reads = 0; reads < 2; reads++) expect(await a.cache.read(entry, async () => body)).toBe(body);
      await a.settled();
    }
    expect(await a.results()).toEqual({ miss: 6 });
    const entry = { tenant: 'acme', key: randomUUID(), tags: [], ttlMs: 60_000 };
    for (const body of ['é'.repeat(500), 'not asked for']) {
      expect(await a.cache.read(entry, async () => body)).toBe('é'.repeat(500));
    }
  });

  it('gives back exactly what was kept', async () => {
    for (const body of ['', '\n', 'a\nb\0c', '𝕏 ü', '{"a":1}']) {
      const entry = { tenant: 'acme', key: randomUUID(), tags: ['t'], ttlMs: 60_000 };
      await a.cache.read(entry, async () => body);
      await a.settled();
      expect(await b.cache.read(entry, async () => 'not asked for')).toBe(body);
    }
  });

  it('keeps tenants apart, in what they read and in what they drop', async () => {
    await a.write(id, 'of globex', 'globex');
    expect(await a.note(id)).toBe('first');
    expect(await a.note(id, { tenant: 'globex' })).toBe('of globex');
    await a.settled();
    expect(await b.note(id)).toBe('first');
    expect(await b.note(id, { tenant: 'globex' })).toBe('of globex');
    expect(await b.results()).toEqual({ hit: 2 });

    await b.write(id, 'changed', 'globex');
    await b.settled();
    expect(await a.note(id)).toBe('first');
    await a.results();
    expect(await a.note(id)).toBe('first');
    expect(await a.results()).toEqual({ hit: 1 });
  });

  it('leaves nothing in Redis for ever, and nothing that tells of whom it is', async () => {
    await a.note(id);
    await a.database.write({ tenant: 'acme' }, async () => {
      await a.change(id, 'second');
      const keys = await fleet.keys('*');
      expect(keys.length).toBeGreaterThan(3);
      for (const key of keys) {
        expect(key).toMatch(/^cache:(entry|version|changing):([\w-]{43}|all)$/);
        expect(await a.redis.client!.pttl(key)).toBeGreaterThan(0);
      }
    });
  });

  it.each([
    ['is no copy at all', (key: string) => a.redis.client!.set(key, 'not a copy', 'EX', 60)],
    ['is of another type', (key: string) => a.redis.client!.multi().del(key).lpush(key, 'x').exec()],
    [
      'was cut off',
      async (key: string) => a.redis.client!.set(key, (await a.redis.client!.get(key))!.slice(0, -1)),
    ],
    ['was written over', (key: string) => a.redis.client!.setrange(key, 200, 'x')],
  ])('takes for a miss, and replaces, what %s', async (_, damage) => {
    const key = await copyOf();
    await damage(key);
    await b.results();
    expect(await b.note(id)).toBe('first');
    await b.settled();
    expect(await b.note(id)).toBe('first');
    expect(await b.results()).toEqual({ miss: 1, hit: 1 });
  });

  it.each([
    ['everything', 'cache:*'],
    ['the versions', 'cache:version:*'],
  ])('never takes an old copy for good again when Redis lost %s', async (_, pattern) => {
    const client = a.redis.client!;
    const key = await copyOf();
    const old = (await client.get(key))!;
    await client.unlink(await fleet.keys(pattern));
    await a.write(id, 'second');
    for (const replica of [a, b]) {
      await client.set(key, old, 'EX', 60); // as if it had stayed
      expect(await replica.note(id)).toBe('second');
      await replica.settled();
    }
  });

  it('makes a version anew that is of another type', async () => {
    const client = a.redis.client!;
    await a.note(id);
    for (const name of await fleet.keys('cache:version:*'))
      await client.multi().del(name).lpush(name, 'x').exec();
    await a.results();
    await a.note(id);
    await a.settled();
    await a.note(id);
    expect(await a.results()).toEqual({ miss: 1, hit: 1 });
  });
});
