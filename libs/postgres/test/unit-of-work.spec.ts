import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { businessError } from '@gantry/errors';
import { ACME, addNote, GLOBEX, noteIds, openFixture, rejection, until, type Fixture } from './fixtures.ts';

describe('a unit of work', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await openFixture({ poolSize: 2 });
  });
  afterAll(() => fixture.close());
  afterEach(async () => {
    const { database } = fixture;
    await database.write(ACME, () => database.sql`delete from notes`);
    expect(database.poolState).toMatchObject({ inUse: 0, waiting: 0 });
  });

  describe('that writes', () => {
    it('commits when the work resolves, and returns what it returned', async () => {
      const { database, notes } = fixture;
      const result = await database.write(ACME, async () => {
        await addNote(database, 'a');
        await addNote(database, 'b');
        return 'done';
      });
      expect(result).toBe('done');
      expect(await notes()).toMatchObject([{ id: 'a' }, { id: 'b' }]);
    });

    it('rolls back everything when the work rejects, and rejects with the same error', async () => {
      const { database, notes } = fixture;
      const refusal = businessError('no', 'No.', 'Give up.');
      const work = database.write(ACME, async () => {
        await addNote(database, 'a');
        throw refusal;
      });
      expect(await rejection(work)).toBe(refusal);
      expect(await notes()).toEqual([]);
    });

    it('shows nothing to others before the commit', async () => {
      const { database, notes } = fixture;
      await database.write(ACME, async () => {
        await addNote(database, 'a');
        expect(await notes()).toEqual([]);
        expect(await noteIds(database)).toEqual(['a']);
      });
    });

    it('runs parallel queries in the order they were started', async () => {
      const { database } = fixture;
      const [, , ids] = await database.write(ACME, () =>
        Promise.all([addNote(database, 'a'), addNote(database, 'b'), noteIds(database)]),
      );
      expect(ids).toEqual(['a', 'b']);
    });

    it('does not commit when a statement failed and the work hid it', async () => {
      const { database, notes } = fixture;
      const work = database.write(ACME, async () => {
        await addNote(database, 'a');
        await addNote(database, 'a').catch(() => {});
      });
      expect(await rejection(work)).toMatchObject({
        message: expect.stringContaining('cannot stand'),
        cause: { code: '23505' },
      });
      expect(await notes()).toEqual([]);
    });

    it('explains a query in a failed transaction by what made it fail', async () => {
      const { database } = fixture;
      const work = database.write(ACME, async () => {
        await addNote(database, 'a');
        await addNote(database, 'a').catch(() => {});
        await addNote(database, 'b');
      });
      expect(await rejection(work)).toMatchObject({ code: '23505' });
    });

    it('lets the domain handle the errors that are about its rows', async () => {
      const { database } = fixture;
      const work = database.write(ACME, async () => {
        await addNote(database, 'a');
        try {
          await addNote(database, 'a');
        } catch (error) {
          expect(error).toMatchObject({ code: '23505', constraint_name: 'notes_pkey' });
          throw businessError('note_exists', 'It exists.', 'Use another id.');
        }
      });
      expect(await rejection(work)).toMatchObject({ code: 'note_exists' });
    });

    it('reports a commit that Postgres refuses', async () => {
      const { database, owner, notes } = fixture;
      await owner`create table parents (id text primary key)`;
      await owner`alter table notes add constraint later foreign key (id) references parents deferrable initially deferred`;
      try {
        const work = database.write(ACME, () => addNote(database, 'orphan'));
        expect(await rejection(work)).toMatchObject({ code: '23503' });
        expect(await notes()).toEqual([]);
      } finally {
        await owner`alter table notes drop constraint later`;
        await owner`drop table parents`;
      }
    });

    it('waits for queries that the work started and did not await', async () => {
      const { database, notes } = fixture;
      await database.write(ACME, async () => {
        void database.sql`insert into notes select 'acme', 'late' from pg_sleep(0.05)`.execute();
        await Promise.resolve();
      });
      expect(await notes()).toMatchObject([{ id: 'late' }]);
    });
  });

  describe('that reads', () => {
    it('refuses to write, and says what to do instead', async () => {
      const { database } = fixture;
      const work = database.read(ACME, () => addNote(database, 'a'));
      expect(await rejection(work)).toMatchObject({ message: expect.stringContaining('use Database.write') });
    });

    it('leaves no transaction open', async () => {
      const { database, operator } = fixture;
      await database.read(ACME, () => noteIds(database));
      await until(async () => {
        const states = await operator<{ state: string }[]>`
          select state from pg_stat_activity where application_name = 'gantry-test'`;
        return states.length > 0 && states.every(({ state }) => state === 'idle');
      });
    });

    it('sees what was committed before it began, also on a connection whose last read has just ended', async () => {
      const { database } = fixture;
      for (let round = 0; round < 20; round += 1) {
        await database.read(ACME, () => noteIds(database));
        await database.write(ACME, () => addNote(database, `note-${round}`));
        expect(await database.read(ACME, () => noteIds(database))).toHaveLength(round + 1);
      }
    });

    it('gives its connection back only when queries that nobody awaited are done', async () => {
      const { database } = fixture;
      const answer = await database.read(ACME, async () => {
        void database.sql`select pg_sleep(0.2)`.execute();
        await Promise.resolve();
        return 'early';
      });
      expect(answer).toBe('early');
      expect(database.poolState.inUse).toBe(1);
      await until(() => database.poolState.inUse === 0);
    });
  });

  it('touches no connection if the work runs no SQL', async () => {
    const { database } = fixture;
    await database.write(ACME, async () => {
      void database.sql`select 1`;
      expect(database.poolState.inUse).toBe(0);
    });
  });

  it('needs a tenant', async () => {
    const { database } = fixture;
    for (const tenant of ['', 'a\0b']) {
      await expect(database.read({ tenant }, async () => {})).rejects.toThrow('needs a tenant');
    }
  });

  it('is where SQL runs, and nowhere else', async () => {
    const { database } = fixture;
    expect(() => database.sql).toThrow('No unit of work');
    await expect(database.savepoint(async () => {})).rejects.toThrow('No unit of work');
    const { sql } = await database.read(ACME, async () => ({ sql: database.sql }));
    expect(() => sql`select 1`).toThrow('No unit of work');
  });

  it('refuses queries of code that was left running behind', async () => {
    const { database, notes } = fixture;
    let leftBehind: Promise<void> | undefined;
    await database.write(ACME, async () => {
      await addNote(database, 'a');
      leftBehind = new Promise((resolve) => setTimeout(resolve, 20)).then(() => addNote(database, 'b'));
    });
    expect(await rejection(leftBehind!)).toMatchObject({ message: expect.stringContaining('is over') });
    expect(await notes()).toMatchObject([{ id: 'a' }]);
  });

  describe('inside another', () => {
    it('joins it: one transaction, which the outer one ends', async () => {
      const { database, notes } = fixture;
      const work = database.write(ACME, async () => {
        await database.write(ACME, () => addNote(database, 'a'));
        expect(await database.read(ACME, () => noteIds(database))).toEqual(['a']);
        throw new Error('after all not');
      });
      await expect(work).rejects.toThrow('after all not');
      expect(await notes()).toEqual([]);
    });

    it('must be of the same tenant', async () => {
      const { database } = fixture;
      const work = database.write(ACME, () => database.read(GLOBEX, async () => {}));
      await expect(work).rejects.toThrow('one tenant cannot contain');
    });

    it('must not write inside a read', async () => {
      const { database } = fixture;
      const work = database.read(ACME, () => database.write(ACME, async () => {}));
      await expect(work).rejects.toThrow('cannot contain a write');
    });

    it('is a new one if the outer one is over', async () => {
      const { database, notes } = fixture;
      let later: Promise<void> | undefined;
      await database.read(ACME, async () => {
        later = new Promise((resolve) => setTimeout(resolve, 20)).then(() =>
          database.write(GLOBEX, () => addNote(database, 'g', 'globex')),
        );
      });
      await later;
      expect(await notes()).toMatchObject([{ tenant_id: 'globex' }]);
      await database.write(GLOBEX, () => database.sql`delete from notes`);
    });
  });
});
