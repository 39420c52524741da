import { randomUUID } from 'node:crypto';
import { startTestRedis, waitFor } from '@gantry/testing';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startFleet, type Fleet } from './fleet.ts';
import type { Replica } from './replica.ts';

const server = await startTestRedis();
afterAll(() => server?.close());

const ACME = { tenant: 'acme' };

(server ? describe : describe.skip)('when Redis is away', () => {
  let fleet: Fleet;
  let a: Replica;
  let b: Replica;
  let id: string;
  beforeEach(async () => {
    fleet = await startFleet(server!, { MCP_REDIS_COMMAND_TIMEOUT_MS: '300' });
    ({ a, b } = fleet);
    id = randomUUID();
    await a.write(id, 'first');
    await a.settled();
    expect(await a.note(id)).toBe('first');
    await a.settled();
    await a.results();
  });
  afterEach(() => fleet.stop());

  const everyoneHasIt = () => waitFor(() => a.redis.available && b.redis.available);

  /** Both serve the value from the cache, once changes whose end Redis did not hear of are taken for over. */
  async function everyoneCaches(body: string): Promise<void> {
    for (const replica of [a, b]) {
      await waitFor(async () => {
        const unended = await fleet.keys('cache:changing:*');
        if (unended.length > 0) await a.redis.client!.unlink(unended);
        await replica.results();
        expect(await replica.note(id)).toBe(body);
        await replica.settled();
        return (await replica.results())['hit'] === 1;
      });
    }
  }

  it.each(['stop', 'pause'] as const)('(%s) reads and writes go on, and it recovers', async (outage) => {
    server![outage]();
    await a.write(id, 'second');
    expect(await a.note(id)).toBe('second');
    expect(await b.note(id)).toBe('second');
    expect(await a.results()).toEqual({ unavailable: 1 });
    expect(await a.metric('mcp_cache_invalidations_total', { result: 'failed' })).toBe(1);

    server!.start();
    const wrong: string[] = [];
    await waitFor(async () => {
      const seen = await a.note(id);
      if (seen !== 'second') wrong.push(seen);
      const { unavailable } = await a.results();
      return unavailable === undefined;
    });
    expect(wrong).toEqual([]); // the replica that could not tell reads no old copy itself
    await everyoneHasIt();
    await everyoneCaches('second'); // and has others read none
    await b.write(id, 'third');
    await b.settled();
    expect(await a.note(id)).toBe('third');
  });

  it('only from the middle of a write on, the change is seen all the same', async () => {
    await a.database.write(ACME, async () => {
      await a.change(id, 'second');
      server!.stop();
      await waitFor(() => !a.redis.available && !b.redis.available);
    });
    expect(await a.note(id)).toBe('second');
    server!.start();
    await everyoneHasIt();
    expect(await b.note(id)).toBe('second');
    expect(await a.note(id)).toBe('second');
    expect(await a.metric('mcp_cache_invalidations_total', { result: 'failed' })).toBe(1);
  });

  it('only at the beginning of a write, its commit is in time', async () => {
    await a.database.write(ACME, async () => {
      server!.stop();
      await waitFor(() => !a.redis.available);
      await a.change(id, 'second');
      server!.start();
      await everyoneHasIt();
      expect(await b.note(id)).toBe('first'); // nobody told that it is changing
    });
    await a.settled();
    expect(await b.note(id)).toBe('second');
    expect(await a.metric('mcp_cache_invalidations_total', { result: 'failed' })).toBe(0);
    await everyoneCaches('second');
  });

  it('for all, one that comes back before the one that wrote reads no old copy', async () => {
    server!.stop();
    await waitFor(() => !a.redis.available && !b.redis.available);
    await b.write(id, 'second');
    b.redis.client!.disconnect(); // it is late
    server!.start();
    await waitFor(() => a.redis.available);
    await a.results();
    await waitFor(async () => {
      expect(await a.note(id)).toBe('second');
      await a.settled();
      return (await a.results())['hit'] === 1;
    });
  });

  it('for a replica that dies with its commit, nobody reads an old copy', async () => {
    await a.database.write(ACME, async () => {
      await a.change(id, 'second');
      a.redis.client!.disconnect(); // it can tell nobody any more
    });
    await b.redis.client!.unlink(await fleet.keys('cache:changing:*', b)); // a minute later
    for (let reads = 0; reads < 2; reads++) {
      expect(await b.note(id)).toBe('second');
      await b.settled();
    }
    expect(await b.results()).toEqual({ miss: 1, hit: 1 });
  });

  it('for good, a replica ends in peace although it has something to tell', async () => {
    server!.stop();
    await a.write(id, 'second');
    await a.note(id);
  });

  it('while many read and write, no call fails and the last value is seen in the end', async () => {
    const outages = (async () => {
      for (const change of [server!.stop, server!.start, server!.pause, server!.start]) {
        await new Promise((resolve) => setTimeout(resolve, 150));
        change();
      }
    })();
    let isOver = false;
    void outages.then(() => (isOver = true));
    let last = 'first';
    for (let version = 0; !isOver; version++) {
      const writer = version % 2 ? a : b;
      last = `version ${version}`;
      await writer.write(id, last);
      await Promise.all([a.note(id), b.note(id)]);
    }
    await everyoneHasIt();
    await waitFor(async () => (await a.note(id)) === last && (await b.note(id)) === last);
    await everyoneCaches(last);
  });

  it('because it lost what it knew, values are loaded again', async () => {
    await a.redis.client!.unlink(await fleet.keys('*'));
    expect(await a.note(id)).toBe('first');
    expect(await a.results()).toEqual({ miss: 1 });
    await a.write(id, 'second');
    await everyoneCaches('second');
  });

  it('for one look, because of what it holds, the value is loaded', async () => {
    await a.database.write(ACME, () => a.change(id, 'second'));
    await a.note(id);
    const copies = await fleet.keys('cache:version:*');
    for (const key of copies) {
      await a.redis.client!.set(key.replace('version', 'changing'), 'not a set of changes', 'EX', 60);
    }
    await a.results();
    expect(await a.note(id)).toBe('second');
    expect(await a.results()).toEqual({ unavailable: 1 });
    await a.write(id, 'third');
    expect(await a.note(id)).toBe('third');
  });
});
