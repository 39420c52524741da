import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { asGantryError } from '@gantry/errors';
import type { Principal } from '@gantry/pipeline';
import { waitFor } from '@gantry/testing';
import postgres from 'postgres';
import { busyFor } from '../../test/busy.ts';
import { countries, countryIndexes, countrySchema } from '../../test/countries.ts';
import { startRecords, type RecordsApp } from '../../test/records-app.ts';
import type { CollectionDefinition } from '../domain/collection.ts';
import type { IndexDeclaration } from '../domain/indexed-field.ts';
import type { JsonObject } from '../domain/json.ts';
import { CollectionStore } from '../store/collection.store.ts';
import { RecordStore } from '../store/record.store.ts';
import { Collections } from './collections.ts';
import { Pace } from './pace.ts';
import { RecordDesk } from './record-desk.ts';

const tenant = 'acme';
const ann: Principal = { tenant, subject: 'ann', client: 'test', scopes: new Set() };

let app: RecordsApp;
let owner: postgres.Sql;
let desk: RecordDesk;
let name: string;

beforeAll(async () => {
  app = await startRecords();
  desk = app.get(RecordDesk);
  owner = postgres(app.ownerUrl, { max: 1 });
});
afterAll(async () => {
  await owner.end();
  await app.stop();
});
beforeEach(() => {
  name = `c${Math.random().toString(36).slice(2)}`;
});

const idle = { signal: new AbortController().signal, principal: ann };

const inWrite = <T>(work: () => Promise<T>) => app.database.write({ tenant }, work);

type Definition = Partial<CollectionDefinition> & { jsonSchema: JsonObject };
function define(definition: Definition, expectedVersion?: number, signal = idle.signal) {
  const call = { ...idle, signal };
  return inWrite(() => app.get(Collections).define(call, { name, ...definition }, expectedVersion));
}

const refusalOf = (work: Promise<unknown>) =>
  work.then(() => Promise.reject(new Error('not refused')), asGantryError);

const create = (document: JsonObject) => inWrite(() => desk.create(ann, name, document));

async function sortedBy(field: string, includeDeleted = false) {
  return inWrite(async () => {
    const plan = await desk.plan(name, [], { field, direction: 'asc' });
    const rows = await app
      .get(RecordStore)
      .list(name, plan, { after: undefined, includeDeleted, limit: 1_000 });
    return rows.map(({ data }) => data[field]);
  });
}

/** Resolves when a transaction of this database waits for another. */
const somebodyWaits = () =>
  waitFor(async () => {
    const [{ waiting }] = await owner<[{ waiting: number }]>`
      select count(*)::int as waiting from pg_locks
      where not granted and pid in (select pid from pg_stat_activity where datname = current_database())`;
    return waiting > 0;
  });

const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties,
  ...more,
});

describe('Collections.define', () => {
  it('creates, changes, and leaves alone what is the same', async () => {
    const first = await define({
      title: 'Things',
      jsonSchema: object({ a: { type: 'string' } }),
      indexedFields: [{ field: 'a', type: 'string' }],
    });
    expect(first).toMatchObject({ outcome: 'created', collection: { name, version: 1, title: 'Things' } });
    expect(await define({ jsonSchema: object({ a: { type: 'string' } }) })).toEqual({
      outcome: 'unchanged',
      collection: first.collection,
    });
    const changed = await define({ description: 'All kinds', jsonSchema: object({}) });
    expect(changed).toMatchObject({
      outcome: 'changed',
      collection: {
        version: 2,
        title: 'Things',
        description: 'All kinds',
        indexedFields: [{ field: 'a', slot: 1 }],
      },
    });
  });

  it('refuses a schema that cannot be used, and says where', async () => {
    const refusal = await refusalOf(define({ jsonSchema: object({ a: { type: 'text' } }) }));
    expect(refusal).toMatchObject({ code: 'validation_error', message: 'The JSON Schema cannot be used.' });
    expect(refusal.details?.['issues']).toContainEqual({
      path: '/json_schema/properties/a/type',
      message: expect.any(String),
    });
  });

  it('minds the expected version', async () => {
    expect(await refusalOf(define({ jsonSchema: object({}) }, 1))).toMatchObject({
      code: 'collection_not_found',
    });
    await define({ jsonSchema: object({}) });
    expect(await define({ jsonSchema: object({ a: {} }) }, 1)).toMatchObject({ collection: { version: 2 } });
    expect(await refusalOf(define({ jsonSchema: object({ b: {} }) }, 1))).toMatchObject({
      code: 'version_conflict',
      details: { current_version: 2 },
    });
  });

  it('refuses a schema that live records do not fit, with their number and a sample', async () => {
    await define({ jsonSchema: countrySchema, indexedFields: countryIndexes });
    for (const country of countries) await create(country);
    const withoutCapital = countries.filter(({ capital }) => (capital as string[]).length !== 1);
    const jsonSchema = object({
      ...(countrySchema['properties'] as JsonObject),
      capital: { type: 'array', minItems: 1, maxItems: 1 },
    });
    const refusal = await refusalOf(define({ jsonSchema }));
    expect(refusal).toMatchObject({ code: 'schema_incompatible', category: 'business_error' });
    const { failing_documents, sample } = refusal.details as {
      failing_documents: number;
      sample: { record_id: string; issues: object[] }[];
    };
    expect(failing_documents).toBe(withoutCapital.length);
    expect(sample).toHaveLength(5);
    expect(sample[0]).toEqual({
      record_id: expect.stringMatching(/^rec_/),
      issues: [{ path: '/capital', message: expect.any(String) }],
    });
    const kept = await inWrite(() => app.get(CollectionStore).find(name));
    expect(kept).toMatchObject({ version: 1, jsonSchema: countrySchema });
  });

  it('minds only live records', async () => {
    await define({ jsonSchema: object({ a: {} }), indexedFields: [{ field: 'a', type: 'number' }] });
    const wrong = await create({ a: 1 });
    await create({ a: 2, b: 'x' });
    await inWrite(() => desk.delete(ann, wrong.id, undefined));
    const result = await define({ jsonSchema: object({ a: {} }, { required: ['b'] }) });
    expect(result.outcome).toBe('changed');
    expect(await sortedBy('a', true)).toEqual([1, 2]);
  });

  it('files existing records under a field that becomes indexed, and takes them out when it no longer is', async () => {
    const index = (...fields: string[]): IndexDeclaration[] =>
      fields.map((field) => ({ field, type: 'number' }));
    const jsonSchema = object({ a: { type: 'number' }, b: { type: 'number' } });
    await define({ jsonSchema, indexedFields: index('a') });
    const count = 230; // more than two batches
    for (let i = 0; i < count; i++) await create({ a: i, b: 1_000 - i });
    await define({ jsonSchema, indexedFields: index('b', 'a') });
    const ascending = Array.from({ length: count }, (_, i) => i);
    expect(await sortedBy('a')).toEqual(ascending);
    expect(await sortedBy('b')).toEqual(ascending.map((i) => 1_000 - i).toReversed());
    await define({ jsonSchema, indexedFields: index('b') });
    expect(await sortedBy('b')).toHaveLength(count);
    const left = await inWrite(
      () =>
        app.database
          .sql`select count(*)::int as n from records where collection = ${name} and key_1 is not null`,
    );
    expect(left).toEqual([{ n: 0 }]);
    const versions = await inWrite(
      () => app.database.sql`select distinct version from records where collection = ${name}`,
    );
    expect(versions).toEqual([{ version: 1 }]);
  });

  it('refuses to index a field that holds something else', async () => {
    await define({ jsonSchema: object({}) });
    const { id } = await create({ a: 'text' });
    await create({ b: 1 });
    const refusal = await refusalOf(
      define({ jsonSchema: object({}), indexedFields: [{ field: 'a', type: 'number' }] }),
    );
    expect(refusal).toMatchObject({
      code: 'schema_incompatible',
      message: expect.stringContaining('1 record does not fit'),
      details: {
        failing_documents: 1,
        sample: [{ record_id: id, issues: [{ path: '/a', message: expect.stringContaining('number') }] }],
      },
    });
  });

  it('waits for records that are being created under the definition before', async () => {
    await define({ jsonSchema: object({ a: {} }) });
    const [held, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const creating = inWrite(async () => {
      await app.get(CollectionStore).hold(name);
      held.resolve();
      await release.promise;
      await desk.create(ann, name, { a: 1 });
    });
    await held.promise;
    const defining = refusalOf(define({ jsonSchema: object({ a: { type: 'string' } }) }));
    await somebodyWaits().finally(release.resolve);
    await creating;
    expect(await defining).toMatchObject({ code: 'schema_incompatible', details: { failing_documents: 1 } });
  });

  it('makes records wait that are created while it is changed, and checks them by the new definition', async () => {
    await define({ jsonSchema: object({ a: {} }) });
    const [locked, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const defining = inWrite(async () => {
      const stricter = { name, jsonSchema: object({ a: { type: 'string' } }) };
      await app.get(Collections).define(idle, stricter, undefined);
      locked.resolve();
      await release.promise;
    });
    await locked.promise;
    const creating = refusalOf(create({ a: 1 }));
    await somebodyWaits().finally(release.resolve);
    await defining;
    expect(await creating).toMatchObject({
      code: 'validation_error',
      details: { issues: [{ path: '/document/a', message: 'must be string' }] },
    });
  });

  it('makes one collection of concurrent first definitions', async () => {
    const results = await Promise.all(Array.from({ length: 8 }, () => define({ jsonSchema: object({}) })));
    expect(results.map(({ outcome }) => outcome).toSorted()).toEqual([
      'created',
      ...Array<string>(7).fill('unchanged'),
    ]);
  });

  it('stops between batches when the call is over', async () => {
    await define({ jsonSchema: object({}) });
    await create({});
    const over = AbortSignal.abort(new Error('over'));
    await expect(define({ jsonSchema: object({ a: {} }) }, undefined, over)).rejects.toThrow('over');
    expect(await inWrite(() => app.get(CollectionStore).find(name))).toMatchObject({ version: 1 });
  });

  describe('over many documents that are costly to check', () => {
    const costly = object({ a: { uniqueItems: true } });
    const array = Array.from({ length: 20 }, (_, i) => [i]);
    beforeEach(async () => {
      await define({ jsonSchema: object({}) });
      for (let i = 0; i < 60; i++) await create({ a: array });
    });
    afterEach(() => void jest.restoreAllMocks());

    it('lets others have their turn', async () => {
      let ticks = 0;
      const others = setInterval(() => ticks++, 1);
      const checks = jest.spyOn(Pace.prototype, 'time');
      const seen = new Set<number>();
      checks.mockImplementation((check) => {
        seen.add(ticks);
        busyFor(3);
        return check();
      });
      await define({ jsonSchema: costly }).finally(() => clearInterval(others));
      expect(checks).toHaveBeenCalledTimes(60);
      expect(seen.size).toBeGreaterThan(2); // all 60 are one batch
    });

    it('stops within a batch when the call is over', async () => {
      const over = new AbortController();
      const checks = jest.spyOn(Pace.prototype, 'time');
      checks.mockImplementation((check) => {
        setImmediate(() => over.abort(new Error('over')));
        busyFor(3);
        return check();
      });
      await expect(define({ jsonSchema: costly }, undefined, over.signal)).rejects.toThrow('over');
      expect(checks.mock.calls.length).toBeLessThan(60);
    });
  });

  it('gives up at once on a schema that cannot be checked in time', async () => {
    await define({ jsonSchema: object({}) });
    for (let i = 0; i < 3; i++) await create({ a: 1 });
    const doubling = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [
        `d${i}`,
        { allOf: [{ $ref: `#/$defs/d${i + 1}` }, { $ref: `#/$defs/d${i + 1}` }] },
      ]),
    );
    const jsonSchema = object({ a: { $ref: '#/$defs/d0' } }, { $defs: { ...doubling, d40: {} } });
    expect(await refusalOf(define({ jsonSchema }))).toMatchObject({ code: 'schema_too_costly' });
  });
});
