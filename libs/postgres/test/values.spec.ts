import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Sql } from '../src/driver.ts';
import { ACME, addNote, noteIds, openFixture, rejection, type Fixture } from './fixtures.ts';

describe('SQL in a unit of work', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await openFixture({ poolSize: 1 });
  });
  afterAll(() => fixture.close());

  async function select<Row extends object>(query: (sql: Sql) => PromiseLike<readonly Row[]>): Promise<Row> {
    const { database } = fixture;
    const [row] = await database.read(ACME, async () => query(database.sql));
    return row!;
  }

  it('returns bigints as numbers, and refuses those that a number cannot hold', async () => {
    expect(
      await select((sql) => sql`select 9007199254740991::bigint as n, count(*) as count from notes`),
    ).toEqual({
      n: 9007199254740991,
      count: 0,
    });
    const tooLarge = select((sql) => sql`select 9007199254740992::bigint as n`);
    await expect(tooLarge).rejects.toThrow('select it as text');
    expect(await select((sql) => sql`select ${9007199254740993n as never}::text as n`)).toEqual({
      n: '9007199254740993',
    });
  });

  it('returns times as ISO 8601 in UTC with all microseconds', async () => {
    const times = await select(
      (sql) => sql`
        select '2026-03-29 02:30:00.123456+02'::timestamptz as at, '2026-01-02'::date as day,
          '2026-01-02 03:04:05'::timestamp as local, 'infinity'::timestamptz as never`,
    );
    expect(times).toEqual({
      at: '2026-03-29T00:30:00.123456Z',
      day: '2026-01-02',
      local: '2026-01-02 03:04:05',
      never: 'infinity',
    });
  });

  it('takes times as text, without losing microseconds, and as dates', async () => {
    const text = '2026-03-29T00:30:00.123456Z';
    const row = await select(
      (sql) => sql`select ${text}::timestamptz as text, ${new Date('2026-01-02T03:04:05Z')} as date`,
    );
    expect(row).toEqual({ text, date: '2026-01-02T03:04:05Z' });
  });

  it('reads and writes JSON', async () => {
    const body = { deep: [{ n: 1 }, null, 'ü'] };
    expect(
      await select((sql) => sql`select ${sql.json(body)} as body, ${body as never}::jsonb as same`),
    ).toEqual({
      body,
      same: body,
    });
  });

  it('keeps numerics exact, as text', async () => {
    expect(await select((sql) => sql`select 0.1::numeric + 0.2 as n`)).toEqual({ n: '0.3' });
  });

  it('has fragments, helpers, arrays and identifiers', async () => {
    const { database } = fixture;
    await database.write(ACME, async () => {
      const { sql } = database;
      const rows = [
        { tenant_id: 'acme', id: 'a' },
        { tenant_id: 'acme', id: 'b' },
      ];
      await sql`insert into notes ${sql(rows)}`;
      const filter = sql`where id = any(${['a', 'b']}) and id <> ${'x'}`;
      expect(await sql`select ${sql('id')} from notes ${filter} order by id`).toMatchObject([
        { id: 'a' },
        { id: 'b' },
      ]);
      expect(await sql`select ${sql.array(['1', '2'])}::text[] as texts`).toMatchObject([
        { texts: ['1', '2'] },
      ]);
      expect(await sql`select id from notes order by id`.values()).toEqual([['a'], ['b']]);
      expect(await sql.unsafe('select id from notes where id = $1', ['a'])).toMatchObject([{ id: 'a' }]);
      await sql.notify('channel', 'payload');
      await sql`delete from notes`;
    });
  });

  it('walks a long result in steps with a callback', async () => {
    const { database } = fixture;
    const seen: number[] = [];
    await database.read(ACME, () =>
      database.sql<{ n: number }[]>`select n from generate_series(1, 10) n`.cursor(4, (rows) => {
        seen.push(rows.length);
      }),
    );
    expect(seen).toEqual([4, 4, 2]);
    expect(await database.read(ACME, () => noteIds(database))).toEqual([]);
  });

  it('has no sql.file', async () => {
    await expect(select((sql) => sql.file('x.sql'))).rejects.toThrow('not supported');
  });

  it('never gives the answer of one query to another, also after one that could not be sent', async () => {
    const { database } = fixture;
    await database.read(ACME, () => database.sql`select ${1}::int as n`);
    const work = database.write(ACME, async () => {
      const { sql } = database;
      const [first, broken, second] = await Promise.allSettled([
        sql`select ${1}::int as n`,
        sql`select ${undefined as never}::int as n`,
        sql`select ${2}::int as n`,
      ]);
      expect(first.status === 'rejected' || first.value[0]?.['n'] === 1).toBe(true);
      expect(second.status === 'rejected' || second.value[0]?.['n'] === 2).toBe(true);
      expect(broken).toMatchObject({ status: 'rejected', reason: { code: 'UNDEFINED_VALUE' } });
      throw (broken as PromiseRejectedResult).reason;
    });
    expect(await rejection(work)).toMatchObject({ code: 'UNDEFINED_VALUE' });
    await database.write(ACME, () => addNote(database, 'after'));
    expect(await database.read(ACME, () => noteIds(database))).toEqual(['after']);
  });

  it('goes on after a migration has changed the table of a prepared statement', async () => {
    const { database, owner } = fixture;
    const all = () => database.read(ACME, () => database.sql`select * from notes where id <> ${'x'}`);
    await all();
    await owner`alter table notes add column extra text`;
    expect(await rejection(all())).toMatchObject({ code: 'dependency_unavailable', retryable: true });
    await all();
  });

  it('tells a deadlock as worth a retry', async () => {
    const { database, owner } = fixture;
    const other = fixture.open({ poolSize: 2 });
    await owner`truncate notes`;
    await other.write(ACME, async () => {
      await addNote(other, 'a');
      await addNote(other, 'b');
    });
    const update = (id: string) => other.sql`update notes set body = '1' where id = ${id}`;
    const cross = (first: string, second: string) =>
      other.write(ACME, async () => {
        await update(first);
        await other.sql`select pg_sleep(0.3)`;
        await update(second);
      });
    const outcomes = await Promise.allSettled([cross('a', 'b'), cross('b', 'a')]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const { reason } = outcomes.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect(reason).toMatchObject({ code: 'dependency_unavailable', retryable: true });
    expect(database.poolState.inUse).toBe(0);
  });
});
