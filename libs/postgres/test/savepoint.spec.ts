import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ACME, addNote, noteIds, openFixture, rejection, type Fixture } from './fixtures.ts';

describe('a savepoint', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await openFixture({ poolSize: 2 });
  });
  afterAll(() => fixture.close());
  afterEach(async () => {
    const { database } = fixture;
    await database.write(ACME, () => database.sql`delete from notes`);
  });

  /** A savepoint that adds a note and fails. */
  async function addInVain(id: string): Promise<void> {
    const { database } = fixture;
    const attempt = database.savepoint(async () => {
      await addNote(database, id);
      throw new Error('in vain');
    });
    await expect(attempt).rejects.toThrow('in vain');
  }

  it('keeps its rows when its work resolves, and returns what it returned', async () => {
    const { database } = fixture;
    await database.write(ACME, async () => {
      await addNote(database, 'a');
      expect(await database.savepoint(async () => (await addNote(database, 'b'), 'done'))).toBe('done');
      await addNote(database, 'c');
    });
    expect(await database.read(ACME, () => noteIds(database))).toEqual(['a', 'b', 'c']);
  });

  it('undoes its rows alone when its work rejects', async () => {
    const { database } = fixture;
    await database.write(ACME, async () => {
      await addNote(database, 'a');
      await addInVain('b');
      await addNote(database, 'c');
    });
    expect(await database.read(ACME, () => noteIds(database))).toEqual(['a', 'c']);
  });

  it('heals a transaction in which a statement failed', async () => {
    const { database } = fixture;
    await database.write(ACME, async () => {
      await addNote(database, 'a');
      expect(await rejection(database.savepoint(() => addNote(database, 'a')))).toMatchObject({
        code: '23505',
      });
      await addNote(database, 'b');
    });
    expect(await database.read(ACME, () => noteIds(database))).toEqual(['a', 'b']);
  });

  it('fails if a statement failed and its work hid it', async () => {
    const { database } = fixture;
    await database.write(ACME, async () => {
      await addNote(database, 'a');
      const attempt = database.savepoint(() => addNote(database, 'a').catch(() => {}));
      expect(await rejection(attempt)).toMatchObject({ cause: { code: '23505' } });
      await addNote(database, 'b');
    });
    expect(await database.read(ACME, () => noteIds(database))).toEqual(['a', 'b']);
  });

  it('may stand in another, and many may follow each other', async () => {
    const { database } = fixture;
    await database.write(ACME, async () => {
      await database.savepoint(async () => {
        await addInVain('inner-1');
        await addNote(database, 'outer');
        await database.savepoint(() => addNote(database, 'inner-2'));
      });
      await addInVain('next');
      await database.savepoint(async () => {
        await database.savepoint(() => addNote(database, 'inner-3'));
        await addInVain('inner-4');
      });
      const undone = database.savepoint(async () => {
        await database.savepoint(() => addNote(database, 'inner-5'));
        throw new Error('outer in vain');
      });
      await expect(undone).rejects.toThrow('outer in vain');
      await addNote(database, 'last');
    });
    expect(await database.read(ACME, () => noteIds(database))).toEqual([
      'inner-2',
      'inner-3',
      'last',
      'outer',
    ]);
  });

  it('sends nothing unless it runs SQL', async () => {
    const { database } = fixture;
    await database.write(ACME, async () => {
      await database.savepoint(async () => {});
      await expect(database.savepoint(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
      expect(database.poolState.inUse).toBe(0);
    });
  });

  it('does not pile up in the server', async () => {
    const { database, operator } = fixture;
    await database.write(ACME, async () => {
      for (let round = 0; round < 100; round += 1) {
        await database.savepoint(() => addNote(database, `note-${round}`));
      }
      const [locks] = await operator<[{ count: number }]>`
        select count(*)::int as count from pg_locks l join pg_stat_activity a using (pid)
        where l.locktype = 'transactionid' and a.application_name = 'gantry-test'`;
      // One of the transaction, one of the savepoint that stands last.
      expect(locks.count).toBe(2);
    });
    expect(await database.read(ACME, () => noteIds(database))).toHaveLength(100);
  });

  it('must not overlap another of the same unit of work', async () => {
    const { database } = fixture;
    const work = database.write(ACME, () =>
      Promise.all([
        database.savepoint(() => addNote(database, 'a')),
        database.savepoint(() => addNote(database, 'b')),
      ]),
    );
    await expect(work).rejects.toThrow('must not overlap');
    expect(await database.read(ACME, () => noteIds(database))).toEqual([]);
  });

  it('refuses queries of its code that was left running behind', async () => {
    const { database } = fixture;
    let leftBehind: Promise<void> | undefined;
    await database.write(ACME, async () => {
      const attempt = database.savepoint(async () => {
        await addNote(database, 'undone');
        leftBehind = (async () => {
          await new Promise((resolve) => setTimeout(resolve, 20));
          await addNote(database, 'ghost');
        })();
        leftBehind.catch(() => {});
        throw new Error('failed');
      });
      await rejection(attempt);
      await rejection(leftBehind!);
      await addNote(database, 'real');
    });
    expect(await database.read(ACME, () => noteIds(database))).toEqual(['real']);
  });
});
