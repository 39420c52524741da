import { describe, expect, it } from '@jest/globals';
import { intercept, routedSql, statement, type DriverQuery } from './driver.ts';

/** What the rest of this library assumes of the pinned version of postgres.js, and its types do not promise. */
describe('a query of postgres.js', () => {
  function recorded() {
    const sent: DriverQuery[] = [];
    return { sent, sql: routedSql(() => (query) => void sent.push(query)) };
  }

  const turn = () => new Promise((resolve) => setImmediate(resolve));

  it('hands itself to its handler when it is first awaited, and only then', async () => {
    const { sent, sql } = recorded();
    const query = sql`select 1`;
    await turn();
    expect(sent).toHaveLength(0);
    void query.then(() => {});
    void query.then(() => {});
    await turn();
    expect(sent).toEqual([query]);
  });

  it('does not hand over fragments', async () => {
    const { sent, sql } = recorded();
    void sql`select * from notes ${sql`where id = ${1}`}`.execute();
    await turn();
    expect(sent).toHaveLength(1);
  });

  it('gets its handler when it is made', async () => {
    let route = 'first';
    const seen: string[] = [];
    const sql = routedSql(() => {
      const now = route;
      return () => void seen.push(now);
    });
    const query = sql`select 1`;
    route = 'second';
    void query.execute();
    await turn();
    expect(seen).toEqual(['first']);
  });

  it('settles through its resolve and reject, which can be replaced', async () => {
    const { sent, sql } = recorded();
    const queries = [sql`select 1`.execute(), sql`select 2`.execute(), sql`select 3`.execute()];
    await turn();
    for (const query of sent) {
      intercept(query, {
        resolve: (value, { resolve, reject }) =>
          value === 'bad' ? reject(new Error('not good')) : resolve(value),
        reject: (error, { reject }) => reject(new Error('seen', { cause: error })),
      });
    }
    sent[0]!.resolve('good');
    sent[1]!.resolve('bad');
    sent[2]!.reject('broken');
    const outcomes = await Promise.allSettled(queries);
    expect(outcomes).toMatchObject([
      { value: 'good' },
      { reason: { message: 'not good' } },
      { reason: { message: 'seen', cause: 'broken' } },
    ]);
  });

  it('cannot be cancelled behind our back', async () => {
    const { sql } = recorded();
    const query = sql`select 1`.execute();
    query.cancel();
    await turn();
    expect(query).not.toHaveProperty('cancelled', true);
  });

  it('can be sent as a statement, without handing itself over again when awaited', async () => {
    const command = statement('commit');
    void command.then(() => {});
    await turn();
    command.resolve('done');
    expect(await command).toBe('done');
  });
});
