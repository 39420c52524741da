import { randomUUID } from 'node:crypto';
import { startTestRedis } from '@gantry/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startFleet, type Fleet } from './fleet.ts';
import { gate, type Replica } from './replica.ts';

const server = await startTestRedis();
afterAll(() => server?.close());

const ACME = { tenant: 'acme' };

(server ? describe : describe.skip)('a change', () => {
  let fleet: Fleet;
  let a: Replica;
  let b: Replica;
  let id: string;
  beforeAll(async () => {
    fleet = await startFleet(server!);
    ({ a, b } = fleet);
  });
  afterAll(() => fleet.stop());
  beforeEach(async () => {
    id = randomUUID();
    await a.write(id, 'first');
    await a.settled();
    await Promise.all([a.results(), b.results()]);
  });

  /** Begins a write that commits, or rolls back, when it is told to. */
  async function openWrite(body: string) {
    const [changed, end] = [gate(), gate()];
    let failure: Error | undefined;
    const over = a.database.write(ACME, async () => {
      await a.change(id, body);
      changed.open();
      await end.opened;
      if (failure) throw failure;
    });
    await changed.opened;
    return {
      async commit() {
        end.open();
        await over;
      },
      async rollBack() {
        failure = new Error('in vain');
        end.open();
        await expect(over).rejects.toThrow('in vain');
      },
    };
  }

  /** As if the time had passed after which a change is taken for over. */
  async function letChangesExpire(): Promise<void> {
    await a.redis.client!.unlink(await fleet.keys('cache:changing:*'));
  }

  /** Reads through both replicas, twice; all must answer the same. */
  async function everyoneReads(body: string): Promise<void> {
    for (const replica of [b, a, b, a]) {
      expect(await replica.note(id)).toBe(body);
      await replica.settled();
    }
  }

  it('is not hidden by one who reads the old row while the write is open', async () => {
    expect(await b.note(id)).toBe('first');
    await b.settled();
    const write = await openWrite('second');
    expect(await b.note(id)).toBe('first');
    expect(await b.note(id)).toBe('first');
    expect(await b.results()).toEqual({ miss: 1, bypass: 2 });
    await write.commit();
    await everyoneReads('second');
  });

  it('is not hidden by one who read the old row before the write began, and keeps it after the commit', async () => {
    const [loaded, goOn] = [gate(), gate()];
    const slow = b.note(id, {
      duringLoad: async () => {
        loaded.open();
        await goOn.opened;
      },
    });
    await loaded.opened;
    await a.write(id, 'second');
    expect(await b.note(id)).toBe('second'); // does not wait for the load from before the change
    await b.settled();
    goOn.open();
    expect(await slow).toBe('first'); // it began before the change
    await b.settled(); // what it kept has taken the place of the good copy
    await b.results();
    expect(await b.note(id)).toBe('second');
    expect(await b.results()).toEqual({ miss: 1 });
    await everyoneReads('second');
  });

  it('is not hidden by one who begins to read during the write, and ends after it', async () => {
    const write = await openWrite('second');
    const [loaded, goOn] = [gate(), gate()];
    const slow = b.note(id, {
      duringLoad: async () => {
        loaded.open();
        await goOn.opened;
      },
    });
    await loaded.opened;
    await write.commit();
    expect(await b.note(id)).toBe('second');
    goOn.open();
    expect(await slow).toBe('first');
    await b.settled();
    await everyoneReads('second');
  });

  it('is not hidden when Redis forgot, or no longer believes, that it is under way', async () => {
    const write = await openWrite('second');
    await letChangesExpire();
    expect(await b.note(id)).toBe('first');
    await b.settled();
    await b.results();
    expect(await b.note(id)).toBe('first');
    expect(await b.results()).toEqual({ hit: 1 });
    await write.commit();
    await everyoneReads('second');
  });

  it('that is rolled back changes nothing, and what it was to change is cached again when it is taken for over', async () => {
    expect(await b.note(id)).toBe('first');
    const write = await openWrite('second');
    await write.rollBack();
    await b.results();
    await everyoneReads('first');
    expect(await b.results()).toEqual({ bypass: 2 });
    await letChangesExpire();
    await everyoneReads('first');
    expect(await b.results()).toEqual({ miss: 1, hit: 1 });
  });

  it('that nobody ended is over after a minute, by itself', async () => {
    const write = await openWrite('second');
    const client = a.redis.client!;
    for (const key of await fleet.keys('cache:changing:*')) {
      expect(await client.pttl(key)).toBeLessThanOrEqual(60_000);
      const [change] = await client.zrange(key, '0', '-1');
      const [seconds] = await client.time();
      const left = Number(await client.zscore(key, change!)) / 1_000 - Number(seconds);
      expect(left).toBeGreaterThan(50);
      expect(left).toBeLessThanOrEqual(61);
      await client.zincrby(key, -61_000, change!); // and a minute passes
    }
    await b.results();
    await everyoneReads('first');
    expect(await b.results()).toEqual({ miss: 1, hit: 1 });
    await write.commit();
    await everyoneReads('second');
    expect(await fleet.keys('cache:changing:*')).toEqual([]);
  });

  it('does not end another one of the same tag', async () => {
    const keptOpen = gate();
    const begun = gate();
    const other = b.database.write(ACME, async () => {
      await b.cache.invalidate('acme', [`note:${id}`]);
      begun.open();
      await keptOpen.opened;
    });
    await begun.opened;
    await a.write(id, 'second');
    await a.results();
    expect(await a.note(id)).toBe('second');
    expect(await a.results()).toEqual({ bypass: 1 });
    keptOpen.open();
    await other;
    await b.settled();
    await everyoneReads('second');
    expect(await a.results()).toMatchObject({ hit: 2 });
  });

  it('is seen, and not kept, by a read inside its own unit of work', async () => {
    expect(await a.note(id)).toBe('first');
    const write = a.database.write(ACME, async () => {
      await a.database.sql`update notes set body = 'second' where id = ${id}`;
      expect(await a.note(id)).toBe('second'); // not invalidated yet
      await a.cache.invalidate('acme', [`note:${id}`]);
      expect(await a.note(id)).toBe('second');
      throw new Error('in vain');
    });
    await expect(write).rejects.toThrow('in vain');
    await letChangesExpire();
    await everyoneReads('first');
  });

  it('needs a unit of work that writes', async () => {
    await expect(a.cache.invalidate('acme', ['x'])).rejects.toThrow('No unit of work');
    const read = a.database.read(ACME, () => a.cache.invalidate('acme', ['x']));
    await expect(read).rejects.toThrow('A read has no commit to wait for.');
  });

  it('of nothing costs nothing', async () => {
    await expect(a.cache.invalidate('acme', [])).resolves.toBeUndefined();
  });

  it('is never hidden, however many read and write at once', async () => {
    const replicas = [a, b];
    let latest = 0;
    const wrong: string[] = [];
    const read = async (replica: Replica) => {
      const known = latest;
      const seen = Number(await replica.note(id)) || 0;
      if (seen < known) wrong.push(`${seen} after ${known} had been committed`);
      await replica.settled();
    };
    const write = async () => {
      for (let version = 1; version <= 60; version++) {
        const writer = replicas[version % 2]!;
        await writer.write(id, String(version));
        latest = version;
        await Promise.all(replicas.map(read)); // while the end of the change may be on its way
        await writer.settled();
        for (const replica of replicas) await read(replica); // so that there are hits, too
      }
    };
    const readOn = async (replica: Replica) => {
      while (latest < 60) await read(replica);
    };
    await Promise.all([write(), ...replicas.map(readOn)]);
    expect(wrong).toEqual([]);
    expect((await a.results())['hit'] ?? 0).toBeGreaterThan(0);
  });

  describe('many who miss at once', () => {
    it('share one load', async () => {
      const begun = gate();
      const goOn = gate();
      const duringLoad = async () => {
        begun.open();
        await goOn.opened;
      };
      const before = b.loads;
      const all = Promise.all(Array.from({ length: 3 }, () => b.note(id, { duringLoad })));
      await begun.opened;
      await b.settled();
      goOn.open();
      expect(await all).toEqual(['first', 'first', 'first']);
      expect(b.loads - before).toBe(1);
      expect(await b.results()).toEqual({ miss: 3 });
    });

    it('do not fail with the one whose call is aborted', async () => {
      const begun = gate();
      const aborting = new AbortController();
      const first = b.note(id, {
        signal: aborting.signal,
        duringLoad: async () => {
          begun.open();
          await new Promise((resolve) => aborting.signal.addEventListener('abort', resolve));
          await b.database.sql`select 1`;
        },
      });
      await begun.opened;
      const others = Promise.all([b.note(id), b.note(id)]);
      await b.settled();
      aborting.abort();
      await expect(first).rejects.toThrow();
      expect(await others).toEqual(['first', 'first']);
    });
  });
});
