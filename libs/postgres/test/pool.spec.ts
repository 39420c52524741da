import { Secret } from '@gantry/config';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACME, addNote, noteIds, openFixture, pause, rejection, until, type Fixture } from './fixtures.ts';

describe('the pool', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await openFixture();
  });
  afterAll(() => fixture.close());

  it('opens connections when they are needed, and no more than it may', async () => {
    const database = fixture.open({ poolSize: 3 });
    expect(database.poolState).toEqual({ size: 3, open: 0, inUse: 0, waiting: 0 });
    const work = Array.from({ length: 20 }, () =>
      database.read(ACME, () => database.sql`select pg_sleep(0.02)`),
    );
    await until(() => database.poolState.waiting > 0 && database.poolState.inUse === 3);
    await Promise.all(work);
    expect(database.poolState).toMatchObject({ open: 3, inUse: 0, waiting: 0 });
  });

  it('serves those who wait in their order', async () => {
    const database = fixture.open({ poolSize: 1 });
    const order: number[] = [];
    await Promise.all(
      [1, 2, 3, 4, 5].map((place) =>
        database.read(ACME, async () => {
          await noteIds(database);
          order.push(place);
        }),
      ),
    );
    expect(order).toEqual([1, 2, 3, 4, 5]);
  });

  it('lets a call without a deadline wait no longer than for a connect', async () => {
    const database = fixture.open({ poolSize: 1, connectTimeoutMs: 300 });
    await database.read(ACME, () => noteIds(database));
    const blocker = database.read(ACME, () => database.sql`select pg_sleep(1)`);
    await until(() => database.poolState.inUse === 1);
    const error = await rejection(database.read(ACME, () => noteIds(database)));
    expect(error).toMatchObject({ code: 'dependency_unavailable' });
    expect(error.message).toContain('became free');
    await blocker;
  });

  it('replaces connections that are too old', async () => {
    const database = fixture.open({ poolSize: 1, maxLifetimeSeconds: 0.2 });
    const pid = async () => {
      const [row] = await database.sql<[{ pid: number }]>`select pg_backend_pid() as pid`;
      return row.pid;
    };
    const first = await database.read(ACME, pid);
    expect(await database.read(ACME, pid)).toBe(first);
    await pause(250);
    await database.read(ACME, pid);
    expect(await database.read(ACME, pid)).not.toBe(first);
  });

  it('names its connections, for the operator', async () => {
    const database = fixture.open({ applicationName: 'records' });
    await database.read(ACME, () => noteIds(database));
    const named = await fixture.operator`select from pg_stat_activity where application_name = 'records'`;
    expect(named).toHaveLength(1);
  });

  it('ends by letting running units of work end, and refusing new ones', async () => {
    const database = fixture.open({ poolSize: 1 });
    await database.read(ACME, () => noteIds(database));
    const running = database.write(ACME, async () => {
      await addNote(database, 'last');
      await database.sql`select pg_sleep(0.2)`;
    });
    await until(() => database.poolState.inUse === 1);
    const waiting = rejection(database.read(ACME, () => noteIds(database)));
    await until(() => database.poolState.waiting === 1);
    const closed = database.close();
    expect(await waiting).toMatchObject({ code: 'dependency_unavailable' });
    expect(await rejection(database.read(ACME, () => noteIds(database)))).toMatchObject({
      code: 'dependency_unavailable',
    });
    await running;
    await closed;
    expect(await fixture.notes()).toMatchObject([{ id: 'last' }]);
    expect(database.poolState).toMatchObject({ open: 0 });
    await database.close();
  });
});

describe('a rotated password', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await openFixture();
  });
  afterAll(() => fixture.close());

  it('takes hold without a restart: no call fails, and every connection is replaced', async () => {
    const { test, owner, operator } = fixture;
    const secret = Secret.of(test.serviceUrl);
    const database = fixture.open({ databaseUrl: secret, applicationName: 'rotating' });
    const pids = async () => {
      const rows = await operator<
        { pid: number }[]
      >`select pid from pg_stat_activity where application_name = 'rotating'`;
      return rows.map(({ pid }) => pid);
    };
    const read = () => database.read(ACME, () => noteIds(database));
    await Promise.all([read(), read(), read()]);
    const before = await pids();
    let isOver = false;
    const calls = [1, 2, 3].map(async () => {
      while (!isOver) await read();
    });

    const url = new URL(test.serviceUrl);
    const role = url.username;
    url.password = 'a new one: #/?&=';
    await operator.unsafe(`alter role ${role} password 'a new one: #/?&='`);
    secret.rotate(url.href);

    await until(async () => !(await pids()).some((pid) => before.includes(pid)));
    isOver = true;
    await Promise.all(calls);
    expect(await read()).toEqual([]);
    expect(await owner`select 1 as one`).toHaveLength(1);
  });
});
