import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { sharedError } from '@gantry/errors';
import { ACME, addNote, noteIds, openFixture, pause, rejection, until, type Fixture } from './fixtures.ts';

describe('cancellation', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await openFixture({ poolSize: 2 });
  });
  afterAll(() => fixture.close());
  afterEach(() => {
    expect(fixture.database.poolState).toMatchObject({ inUse: 0, waiting: 0 });
  });

  it('of a running statement stops it in the server within a second, and rolls back', async () => {
    const { database, notes } = fixture;
    const controller = new AbortController();
    const work = database.write({ ...ACME, signal: controller.signal }, async () => {
      await addNote(database, 'undone');
      await database.sql`select pg_sleep(20)`;
    });
    await until(async () => (await fixture.sleepers()) === 1);
    const start = performance.now();
    controller.abort();
    expect(await rejection(work)).toMatchObject({ code: 'cancelled', retryable: true });
    expect(performance.now() - start).toBeLessThan(1_000);
    expect(await fixture.sleepers()).toBe(0);
    expect(await notes()).toEqual([]);
  });

  it('tells the caller the reason of the signal, if that is an error of ours', async () => {
    const { database } = fixture;
    const reason = sharedError('timeout', 'Too late.');
    const controller = new AbortController();
    const work = database.read(
      { ...ACME, signal: controller.signal },
      () => database.sql`select pg_sleep(20)`,
    );
    setTimeout(() => controller.abort(reason), 50);
    expect(await rejection(work)).toBe(reason);
  });

  it('makes queries fail at once that come after it', async () => {
    const { database } = fixture;
    const controller = new AbortController();
    let late: Error | undefined;
    const work = database.write({ ...ACME, signal: controller.signal }, async () => {
      await addNote(database, 'a');
      controller.abort();
      late = await rejection(addNote(database, 'b'));
    });
    expect(await rejection(work)).toMatchObject({ code: 'cancelled' });
    expect(late).toMatchObject({ code: 'cancelled' });
  });

  it('undoes work that runs to its end without noticing', async () => {
    const { database, notes } = fixture;
    const controller = new AbortController();
    const work = database.write({ ...ACME, signal: controller.signal }, async () => {
      await addNote(database, 'a');
      controller.abort();
      await pause(50);
      return 'finished';
    });
    expect(await rejection(work)).toMatchObject({ code: 'cancelled' });
    expect(await notes()).toEqual([]);
  });

  it('gives the connection back while the work is still busy with something else', async () => {
    const { database } = fixture;
    const controller = new AbortController();
    let finish = () => {};
    const work = database.write({ ...ACME, signal: controller.signal }, async () => {
      await addNote(database, 'a');
      await new Promise<void>((resolve) => (finish = resolve));
    });
    await until(() => database.poolState.inUse === 1);
    controller.abort();
    await until(() => database.poolState.inUse === 0);
    finish();
    expect(await rejection(work)).toMatchObject({ code: 'cancelled' });
  });

  it('before the start prevents the work', async () => {
    const { database } = fixture;
    let ran = false;
    const work = database.write({ ...ACME, signal: AbortSignal.abort() }, async () => void (ran = true));
    expect(await rejection(work)).toMatchObject({ code: 'cancelled' });
    expect(ran).toBe(false);
  });

  it('stops statements left running by work that failed', async () => {
    const { database } = fixture;
    const start = performance.now();
    const work = database.write(ACME, () =>
      Promise.all([database.sql`select pg_sleep(20)`, Promise.reject(new Error('no'))]),
    );
    await expect(work).rejects.toThrow('no');
    expect(performance.now() - start).toBeLessThan(5_000);
    expect(await fixture.sleepers()).toBe(0);
  });

  it('ends the wait for a connection', async () => {
    const { database } = fixture;
    const controller = new AbortController();
    const blockers = [1, 2].map(() => database.read({ ...ACME }, () => database.sql`select pg_sleep(0.5)`));
    await until(() => database.poolState.inUse === 2);
    const work = database.read({ ...ACME, signal: controller.signal }, () => noteIds(database));
    await until(() => database.poolState.waiting === 1);
    controller.abort();
    expect(await rejection(work)).toMatchObject({ code: 'cancelled' });
    expect(database.poolState.waiting).toBe(0);
    await Promise.all(blockers);
  });

  it('never hits anybody else', async () => {
    const { database } = fixture;
    let innocents = 0;
    let isOver = false;
    async function beInnocent(): Promise<void> {
      while (!isOver) {
        const [row] = await database.read(
          ACME,
          () => database.sql<[{ ok: number }]>`select 1 as ok from pg_sleep(0.001)`,
        );
        expect(row.ok).toBe(1);
        innocents += 1;
      }
    }
    async function abortOne(round: number): Promise<void> {
      const controller = new AbortController();
      const scope = { ...ACME, signal: controller.signal };
      const work = database.write(
        scope,
        () => database.sql`select pg_sleep(${round % 3 === 0 ? 0.002 : 20})`,
      );
      setTimeout(() => controller.abort(), (round % 7) * 0.7);
      await work.then(
        () => {},
        (error: unknown) => expect(error).toMatchObject({ code: 'cancelled' }),
      );
    }
    const innocent = [beInnocent(), beInnocent(), beInnocent()];
    for (let round = 0; round < 200; round += 2) await Promise.all([abortOne(round), abortOne(round + 1)]);
    isOver = true;
    await Promise.all(innocent);
    expect(innocents).toBeGreaterThan(20);
    expect(database.poolState).toMatchObject({ open: 2, inUse: 0, waiting: 0 });
    expect(await fixture.sleepers()).toBe(0);
  }, 60_000);
});

describe('a deadline', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await openFixture({ poolSize: 1 });
  });
  afterAll(() => fixture.close());

  const inMs = (milliseconds: number) => ({ ...ACME, deadline: performance.now() + milliseconds });

  it('sets the statement timeout of the transaction to what is left', async () => {
    const { database } = fixture;
    const timeout = async () => {
      const [row] = await database.sql<[{ ms: number }]>`
        select setting::int as ms from pg_settings where name = 'statement_timeout'`;
      return row.ms;
    };
    const left = await database.read(inMs(4_000), timeout);
    expect(left).toBeGreaterThan(2_000);
    expect(left).toBeLessThanOrEqual(4_000);
    expect(await database.read(ACME, timeout)).toBe(30_000);
    expect(await database.read({ ...ACME, deadline: Infinity }, timeout)).toBe(30_000);
    expect(await database.read(inMs(1e12), timeout)).toBe(2 ** 31 - 1);
  });

  it('is kept by the server even if this process is too busy to notice', async () => {
    const { database } = fixture;
    const work = database.read(inMs(200), async () => {
      const query = database.sql`select pg_sleep(20)`.execute();
      await pause(20);
      const busyUntil = performance.now() + 400;
      while (performance.now() < busyUntil);
      return query;
    });
    expect(await rejection(work)).toMatchObject({ code: 'timeout', retryable: true });
  });

  it('bounds all statements together', async () => {
    const { database, notes } = fixture;
    const start = performance.now();
    const work = database.write(inMs(400), async () => {
      await addNote(database, 'a');
      await database.sql`select pg_sleep(0.3)`;
      await database.sql`select pg_sleep(0.3)`;
    });
    expect(await rejection(work)).toMatchObject({ code: 'timeout' });
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(await notes()).toEqual([]);
  });

  it('undoes the work when it passes, whatever the work is busy with', async () => {
    const { database } = fixture;
    let finish = () => {};
    const work = database.write(inMs(200), async () => {
      await addNote(database, 'a');
      await new Promise<void>((resolve) => (finish = resolve));
    });
    await until(() => database.poolState.inUse === 1);
    await until(() => database.poolState.inUse === 0);
    finish();
    expect(await rejection(work)).toMatchObject({ code: 'timeout' });
  });

  it('is not overstepped by a commit', async () => {
    const { database, notes } = fixture;
    const work = database.write(inMs(150), async () => {
      await addNote(database, 'a');
      const busyUntil = performance.now() + 300;
      while (performance.now() < busyUntil);
    });
    expect(await rejection(work)).toMatchObject({ code: 'timeout' });
    expect(await notes()).toEqual([]);
  });

  it('in the past prevents the work', async () => {
    const { database } = fixture;
    expect(await rejection(database.read(inMs(-1), async () => {}))).toMatchObject({ code: 'timeout' });
  });

  it('bounds the wait for a connection', async () => {
    const { database } = fixture;
    const blocker = database.read(ACME, () => database.sql`select pg_sleep(0.6)`);
    await until(() => database.poolState.inUse === 1);
    const start = performance.now();
    expect(await rejection(database.read(inMs(100), () => noteIds(database)))).toMatchObject({
      code: 'timeout',
    });
    expect(performance.now() - start).toBeLessThan(500);
    await blocker;
    expect(await database.read(inMs(5_000), () => noteIds(database))).toEqual([]);
  });
});
