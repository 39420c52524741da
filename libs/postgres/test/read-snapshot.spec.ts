import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACME, addNote, noteIds, openFixture, type Fixture } from './fixtures.ts';

describe('a unit of work that reads', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await openFixture();
  });
  afterAll(() => fixture.close());

  it('sees one moment, whatever others commit between its queries', async () => {
    const { database, operator } = fixture;
    await database.write(ACME, () => addNote(database, 'a'));
    await database.read(ACME, async () => {
      expect(await noteIds(database)).toEqual(['a']);
      await operator.begin(async (sql) => {
        await sql`set local gantry.tenant = 'acme'`;
        await sql`delete from notes`;
      });
      expect(await noteIds(database)).toEqual(['a']);
    });
    expect(await database.read(ACME, () => noteIds(database))).toEqual([]);
  });
});
