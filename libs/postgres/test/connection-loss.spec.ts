import { createServer, connect, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Secret } from '@gantry/config';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ACME, addNote, noteIds, openFixture, pause, rejection, until, type Fixture } from './fixtures.ts';

const UNAVAILABLE = { code: 'dependency_unavailable', retryable: true, retryAfterSeconds: 1 };

describe('when backends are terminated', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await openFixture({ poolSize: 2 });
  });
  afterAll(() => fixture.close());
  beforeEach(async () => {
    await fixture.owner`truncate notes`;
  });

  it('a running statement fails as unavailable, nothing stands, and the pool heals', async () => {
    const { database, notes, terminateBackends } = fixture;
    const work = database.write(ACME, async () => {
      await addNote(database, 'a');
      await database.sql`select pg_sleep(20)`;
    });
    await until(async () => (await fixture.sleepers()) === 1);
    await terminateBackends();
    expect(await rejection(work)).toMatchObject(UNAVAILABLE);
    expect(await notes()).toEqual([]);
    expect(database.poolState).toMatchObject({ open: 0, inUse: 0 });
    await database.write(ACME, () => addNote(database, 'b'));
    expect(await notes()).toMatchObject([{ id: 'b' }]);
  });

  it('a unit of work between two statements fails at its next, and never goes on elsewhere', async () => {
    const { database, notes, terminateBackends } = fixture;
    const work = database.write(ACME, async () => {
      await addNote(database, 'a');
      await terminateBackends();
      await pause(50);
      await addNote(database, 'b');
    });
    expect(await rejection(work)).toMatchObject(UNAVAILABLE);
    expect(await notes()).toEqual([]);
  });

  it('a unit of work before its commit fails', async () => {
    const { database, notes, terminateBackends } = fixture;
    const work = database.write(ACME, async () => {
      await addNote(database, 'a');
      await terminateBackends();
      await pause(50);
    });
    expect(await rejection(work)).toMatchObject(UNAVAILABLE);
    expect(await notes()).toEqual([]);
  });

  it('every query in flight and in the queue of the driver is rejected', async () => {
    const { database, terminateBackends } = fixture;
    const work = database.write(ACME, () =>
      Promise.allSettled([
        database.sql`select pg_sleep(20), ${'unprepared, so that postgres.js holds back the next'}::text`,
        addNote(database, 'b'),
        addNote(database, 'c'),
        until(async () => (await fixture.sleepers()) === 1).then(terminateBackends),
      ]),
    );
    expect(await rejection(work)).toMatchObject(UNAVAILABLE);
    expect(await fixture.notes()).toEqual([]);
  });

  it('idle connections are dropped before anybody gets one', async () => {
    const { database, terminateBackends } = fixture;
    const read = () => database.read(ACME, () => noteIds(database));
    await Promise.all([read(), read()]);
    await until(() => database.poolState.open === 2);
    await terminateBackends();
    await until(() => database.poolState.open === 0);
    expect(await read()).toEqual([]);
  });

  it('a commit whose outcome nobody knows is no success, and worth a retry', async () => {
    const { database, owner, terminateBackends } = fixture;
    await owner.unsafe(`
      create function dawdle() returns trigger language plpgsql as 'begin perform pg_sleep(20); return null; end';
      create constraint trigger dawdle after insert on notes deferrable initially deferred
        for each row execute function dawdle()`);
    try {
      const work = database.write(ACME, async () => {
        await addNote(database, 'a');
        void until(
          async () =>
            (await fixture.operator`select from pg_stat_activity where query = 'commit' and state = 'active'`)
              .length === 1,
        ).then(terminateBackends);
      });
      const error = await rejection(work);
      expect(error).toMatchObject(UNAVAILABLE);
      expect(error.message).toContain('not known');
    } finally {
      await owner`drop trigger dawdle on notes`;
      await owner`drop function dawdle`;
    }
  });

  it('hundreds of times, no call hangs and no query of one call reaches another', async () => {
    const { database, terminateBackends } = fixture;
    let isOver = false;
    let succeeded = 0;
    async function work(worker: number): Promise<void> {
      for (let round = 0; !isOver; round += 1) {
        const id = `${worker}-${round}`;
        const outcome = await database
          .write(ACME, async () => {
            await addNote(database, id);
            const [row] = await database.sql<[{ id: string }]>`select id from notes where id = ${id}`;
            return row.id;
          })
          .catch((error: unknown) => expect(error).toMatchObject(UNAVAILABLE));
        if (outcome === undefined) continue;
        expect(outcome).toBe(id);
        succeeded += 1;
      }
    }
    const workers = [1, 2, 3, 4].map(work);
    for (let round = 0; round < 60; round += 1) {
      await terminateBackends();
      await pause(round % 10);
    }
    await pause(100);
    isOver = true;
    await Promise.all(workers);
    expect(succeeded).toBeGreaterThan(0);
    // An answer that was lost on its way may be of a commit that stands; a success never is of one that does not.
    expect((await fixture.notes()).length).toBeGreaterThanOrEqual(succeeded);
    expect(database.poolState).toMatchObject({ inUse: 0, waiting: 0 });
  }, 60_000);
});

describe('when the network fails', () => {
  let fixture: Fixture;
  let proxy: Server;
  let url: string;
  const sockets = new Set<Socket>();
  /** What the proxy makes of the bytes of the client; nothing is passed on if it returns nothing. */
  let onUpstream: ((bytes: Buffer, socket: Socket) => Buffer | undefined) | undefined;

  beforeAll(async () => {
    fixture = await openFixture();
    const target = new URL(fixture.test.serviceUrl);
    proxy = createServer((socket) => {
      const upstream = connect(Number(target.port || 5432), target.hostname);
      sockets.add(socket);
      socket.on('data', (bytes) => {
        const passed = onUpstream ? onUpstream(bytes, socket) : bytes;
        if (passed) upstream.write(passed);
      });
      upstream.pipe(socket);
      for (const [one, other] of [
        [socket, upstream],
        [upstream, socket],
      ] as const) {
        one.on('close', () => other.destroy());
        one.on('error', () => other.destroy());
      }
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const proxied = new URL(fixture.test.serviceUrl);
    proxied.hostname = '127.0.0.1';
    proxied.port = String((proxy.address() as AddressInfo).port);
    url = proxied.href;
  });
  beforeEach(() => {
    onUpstream = undefined;
  });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
    await fixture.close();
  });

  it('a commit that the server never answers to is no success', async () => {
    const database = fixture.open({ databaseUrl: Secret.of(url) });
    onUpstream = (bytes, socket) => {
      if (!bytes.includes('commit')) return bytes;
      socket.destroy();
      return undefined;
    };
    const error = await rejection(database.write(ACME, () => addNote(database, 'lost')));
    expect(error).toMatchObject(UNAVAILABLE);
    expect(error.message).toContain('not known');
  });

  it('a statement that cannot be cancelled any more costs its connection, not the call', async () => {
    const database = fixture.open({ databaseUrl: Secret.of(url) });
    await database.read(ACME, () => noteIds(database));
    onUpstream = () => undefined;
    const start = performance.now();
    const deadline = performance.now() + 200;
    const work = database.read({ ...ACME, deadline }, () => database.sql`select pg_sleep(20)`);
    expect(await rejection(work)).toMatchObject({ code: 'timeout' });
    expect(performance.now() - start).toBeLessThan(6_000);
    expect(database.poolState).toMatchObject({ open: 0, inUse: 0 });
    onUpstream = undefined;
    expect(await database.read(ACME, () => noteIds(database))).toEqual([]);
  });

  it('opening a connection is given up after the connect timeout', async () => {
    const database = fixture.open({ databaseUrl: Secret.of(url), connectTimeoutMs: 400 });
    onUpstream = () => undefined;
    const start = performance.now();
    const error = await rejection(database.read(ACME, () => noteIds(database)));
    expect(error).toMatchObject(UNAVAILABLE);
    expect(performance.now() - start).toBeLessThan(3_000);
    onUpstream = undefined;
    expect(await database.read(ACME, () => noteIds(database))).toEqual([]);
  });

  it('a database that is not there is unavailable', async () => {
    const nowhere = new URL(url);
    nowhere.port = '1';
    const database = fixture.open({ databaseUrl: Secret.of(nowhere.href) });
    const error = await rejection(database.read(ACME, () => noteIds(database)));
    expect(error).toMatchObject({ ...UNAVAILABLE, cause: { code: 'ECONNREFUSED' } });
    // Work that hides it has done nothing, and must not pass for a success.
    const hidden = database.write(ACME, async () => void (await addNote(database, 'a').catch(() => {})));
    expect(await rejection(hidden)).toMatchObject(UNAVAILABLE);
  });

  it('a query whose transaction did not begin is not answered, and changes nothing', async () => {
    const database = fixture.open({ databaseUrl: Secret.of(url) });
    await fixture.database.write(ACME, () => addNote(fixture.database, 'there'));
    const before = await fixture.notes();
    await database.read(ACME, () => noteIds(database));
    // Its commit is not sent together with the next start.
    await pause(50);
    onUpstream = (bytes) => Buffer.from(bytes.toString('latin1').replace('begin', 'bogus'), 'latin1');
    const read = database.read(ACME, () => noteIds(database));
    expect(await rejection(read)).toMatchObject({ code: '42601' });
    await pause(50);
    const write = database.write(ACME, () => addNote(database, 'a'));
    expect(await rejection(write)).toMatchObject({ code: '42601' });
    const hidden = database.write(ACME, async () => void (await addNote(database, 'b').catch(() => {})));
    expect(await rejection(hidden)).toMatchObject({ cause: { code: '42601' } });
    onUpstream = undefined;
    expect(await fixture.notes()).toEqual(before);
    expect(await database.read(ACME, () => noteIds(database))).toContain('there');
  });
});
