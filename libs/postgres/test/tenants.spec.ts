import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ACME, addNote, GLOBEX, noteIds, openFixture, rejection, type Fixture } from './fixtures.ts';

describe('tenants', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await openFixture({ poolSize: 1 });
  });
  afterAll(() => fixture.close());
  beforeEach(async () => {
    const { database } = fixture;
    for (const scope of [ACME, GLOBEX]) {
      await database.write(scope, async () => {
        await database.sql`delete from notes`;
        await addNote(database, `of-${scope.tenant}`, scope.tenant);
      });
    }
  });

  it('see their own rows alone, on one and the same connection', async () => {
    const { database } = fixture;
    for (let round = 0; round < 10; round += 1) {
      expect(await database.read(ACME, () => noteIds(database))).toEqual(['of-acme']);
      expect(await database.read(GLOBEX, () => noteIds(database))).toEqual(['of-globex']);
    }
    expect(await database.read({ tenant: 'nobody' }, () => noteIds(database))).toEqual([]);
  });

  it('cannot touch the rows of others', async () => {
    const { database, notes } = fixture;
    const before = await notes();
    await database.write(ACME, async () => {
      const { sql } = database;
      expect((await sql`update notes set id = 'mine' where tenant_id = 'globex'`).count).toBe(0);
      expect((await sql`delete from notes where tenant_id = 'globex'`).count).toBe(0);
    });
    expect(await notes()).toEqual(before);
  });

  it('cannot write rows for others', async () => {
    const { database, notes } = fixture;
    const before = await notes();
    const insert = database.write(ACME, () => addNote(database, 'smuggled', 'globex'));
    expect(await rejection(insert)).toMatchObject({ code: '42501' });
    const move = database.write(ACME, () => database.sql`update notes set tenant_id = 'globex'`);
    expect(await rejection(move)).toMatchObject({ code: '42501' });
    expect(await notes()).toEqual(before);
  });

  it.each([`o'brien`, `back\\slash`, `'; reset all; --`, `\\'; reset all; --`, '$1', 'ünïcode 🦊', ' '])(
    'may be called %j',
    async (tenant) => {
      const { database } = fixture;
      const [row] = await database.read({ tenant }, () => {
        const setting = 'gantry.' + 'tenant';
        return database.sql<[{ tenant: string }]>`select current_setting(${setting}) as tenant`;
      });
      expect(row.tenant).toBe(tenant);
    },
  );

  it('are forgotten when the transaction ends', async () => {
    const { database } = fixture;
    await database.read(ACME, () => noteIds(database));
    const rows = await database.inspect((sql) => sql`select * from notes`, 1_000);
    expect(rows).toHaveLength(0);
  });

  it.each([
    ['commit'],
    ['  COMMIT'],
    ['begin'],
    ['start transaction'],
    ['rollback'],
    ['savepoint x'],
    ['set role gantry_service'],
    ['set local role gantry_service'],
    ['set session authorization default'],
    ['reset role'],
    ['discard all'],
    [`set gantry.tenant = 'globex'`],
    [`select set_config('gantry.tenant', 'globex', true)`],
  ])('cannot be changed by %s', async (text) => {
    const { database } = fixture;
    const work = database.write(ACME, async () => {
      const failure = await rejection(database.sql.unsafe(text));
      expect(await noteIds(database)).toEqual(['of-acme']);
      throw failure;
    });
    await expect(work).rejects.toThrow(/must not run in a unit of work|tenant of a unit of work is fixed/);
  });

  it('may set constraints deferred: that is part of a transaction', async () => {
    const { database } = fixture;
    await database.write(ACME, () => database.sql`set constraints all deferred`);
  });

  it('cannot be escaped by SQL that ends the transaction behind the back of the unit', async () => {
    const { database, notes } = fixture;
    const before = await notes();
    const work = database.write(ACME, async () => {
      await database.sql.unsafe(`select 1; commit`);
      await addNote(database, 'outside', 'acme');
    });
    // Outside of a transaction there is no tenant, and nothing can be written.
    expect(await rejection(work)).toMatchObject({ message: expect.stringContaining('must not write') });
    expect(await notes()).toEqual(before);
  });
});
