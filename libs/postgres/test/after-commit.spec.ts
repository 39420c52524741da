import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACME, addNote, noteIds, openFixture, rejection, type Fixture } from './fixtures.ts';

describe('what waits for the commit', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await openFixture({ poolSize: 2 });
  });
  afterAll(() => fixture.close());

  it('is called once the work can be seen by others, in order', async () => {
    const { database } = fixture;
    const seen: string[] = [];
    let visible: Promise<string[]> | undefined;
    await database.write(ACME, async () => {
      database.afterCommit(() => {
        seen.push('first');
        visible = database.read(ACME, () => noteIds(database));
      });
      database.afterCommit(() => seen.push('second'));
      await addNote(database, 'committed');
      expect(seen).toEqual([]);
    });
    expect(seen).toEqual(['first', 'second']);
    expect(await visible).toContain('committed');
  });

  it('is not called if the unit of work is undone', async () => {
    const { database } = fixture;
    let called = false;
    const write = database.write(ACME, async () => {
      await addNote(database, 'undone');
      database.afterCommit(() => (called = true));
      throw new Error('in vain');
    });
    await expect(write).rejects.toThrow('in vain');
    expect(called).toBe(false);
  });

  it('is forgotten with the savepoint in which it was asked for, and only that', async () => {
    const { database } = fixture;
    const seen: string[] = [];
    await database.write(ACME, async () => {
      database.afterCommit(() => seen.push('before'));
      await database.savepoint(async () => database.afterCommit(() => seen.push('kept')));
      const attempt = database.savepoint(async () => {
        database.afterCommit(() => seen.push('undone'));
        throw new Error('in vain');
      });
      await expect(attempt).rejects.toThrow('in vain');
      database.afterCommit(() => seen.push('after'));
    });
    expect(seen).toEqual(['before', 'kept', 'after']);
  });

  it('is asked for by code that can tell where it runs', async () => {
    const { database } = fixture;
    expect(database.unit).toBeUndefined();
    await database.write(ACME, async () => {
      expect(database.unit).toMatchObject({ mode: 'write', hasBegun: false });
      await noteIds(database);
      expect(database.unit).toMatchObject({ mode: 'write', hasBegun: true });
    });
    await database.read(ACME, async () => expect(database.unit).toMatchObject({ mode: 'read' }));
    expect(database.unit).toBeUndefined();
  });

  it('needs a unit of work that writes', async () => {
    const { database } = fixture;
    expect(() => database.afterCommit(() => {})).toThrow('No unit of work');
    const read = database.read(ACME, async () => database.afterCommit(() => {}));
    expect(await rejection(read)).toMatchObject({ message: 'A read has no commit to wait for.' });
  });
});
