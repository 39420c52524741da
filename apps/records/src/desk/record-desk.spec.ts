import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asGantryError } from '@gantry/errors';
import type { Principal } from '@gantry/pipeline';
import { startRecords, type RecordsApp } from '../../test/records-app.ts';
import type { JsonObject } from '../domain/json.ts';
import { RecordHistoryStore } from '../store/record-history.store.ts';
import { Collections } from './collections.ts';
import { RecordDesk } from './record-desk.ts';

const tenant = 'acme';
const ann: Principal = { tenant, subject: 'ann', client: 'cli', scopes: new Set() };
const bob: Principal = { tenant, subject: 'bob', client: 'bot', scopes: new Set() };

const jsonSchema: JsonObject = {
  type: 'object',
  properties: { name: { type: 'string' }, count: { type: 'integer', minimum: 0 }, tags: { type: 'object' } },
  required: ['name'],
};

let app: RecordsApp;
let desk: RecordDesk;

const inWrite = <T>(work: () => Promise<T>, as = tenant) => app.database.write({ tenant: as }, work);
const refusalOf = (work: () => Promise<unknown>, as = tenant) =>
  inWrite(work, as).then(() => Promise.reject(new Error('not refused')), asGantryError);
const define = (name: string, schema: JsonObject) =>
  inWrite(() =>
    app
      .get(Collections)
      .define(
        { signal: new AbortController().signal, principal: ann },
        { name, jsonSchema: schema, indexedFields: [{ field: 'count', type: 'number' }] },
        undefined,
      ),
  );
const create = (data: JsonObject, collection = 'things') => inWrite(() => desk.create(ann, collection, data));
const historyOf = (id: string) =>
  inWrite(() => app.get(RecordHistoryStore).list(id, { before: undefined, limit: 100 }));

beforeAll(async () => {
  app = await startRecords();
  desk = app.get(RecordDesk);
  await define('things', jsonSchema);
});
afterAll(() => app.stop());

describe('RecordDesk.create', () => {
  it('stores a document', async () => {
    const record = await create({ name: 'x', count: 3 });
    expect(record).toEqual({
      id: expect.stringMatching(/^rec_[0-9a-z]{26}$/),
      collection: 'things',
      version: 1,
      data: { name: 'x', count: 3 },
      createdAt: expect.stringMatching(/^20.*Z$/),
      updatedAt: record.createdAt,
      deletedAt: null,
    });
    expect(await inWrite(() => desk.read(record.id, { includeDeleted: false }))).toEqual(record);
  });

  it('gives back names and numbers as they were', async () => {
    const text =
      '{"name":"ключ \\"\'","constructor":{"prototype":1},"z":1e308,"a":5e-324,"0":[1e21,-1.5,true,null],"":{}}';
    const { id } = await create(JSON.parse(text) as JsonObject);
    const { data } = await inWrite(() => desk.read(id, { includeDeleted: false }));
    expect(data).toEqual(JSON.parse(text));
    expect(Object.keys(data).slice(1)).toEqual(['name', 'constructor', 'z', 'a', '']);
  });

  it('refuses a document that does not fit, with pointers to the fields', async () => {
    const refusal = await refusalOf(() => desk.create(ann, 'things', { count: -1, tags: 'a' }));
    expect(refusal).toMatchObject({
      code: 'validation_error',
      message: 'The document does not fit the schema of "things".',
    });
    expect(refusal.details).toEqual({
      issues: expect.arrayContaining([
        { path: '/document/name', message: 'is required' },
        { path: '/document/count', message: 'must be >= 0' },
        { path: '/document/tags', message: 'must be object' },
      ]),
    });
  });

  it('refuses what cannot be stored, and what cannot be filed', async () => {
    expect((await refusalOf(() => desk.create(ann, 'things', { name: 'a\0' }))).details).toEqual({
      issues: [{ path: '/document/name', message: 'contains a NUL character (\\u0000)' }],
    });
    await define('loose', { type: 'object' });
    expect((await refusalOf(() => desk.create(ann, 'loose', { count: 'many' }))).details).toEqual({
      issues: [{ path: '/document/count', message: 'must be a number: the collection indexes it' }],
    });
  });

  it('knows no collection of another tenant', async () => {
    const stranger = { ...ann, tenant: 'other' };
    expect(await refusalOf(() => desk.create(stranger, 'things', { name: 'x' }), 'other')).toMatchObject({
      code: 'collection_not_found',
      hint: expect.stringContaining('list_collections'),
    });
  });

  it('checks by the definition of now', async () => {
    await define('moving', { type: 'object' });
    await create({ a: 1 }, 'moving');
    await define('moving', { type: 'object', required: ['a'] });
    expect((await refusalOf(() => desk.create(ann, 'moving', {}))).details).toEqual({
      issues: [{ path: '/document/a', message: 'is required' }],
    });
  });
});

describe('RecordDesk.update', () => {
  it('merges, counts the version and tells who', async () => {
    const { id } = await create({ name: 'x', count: 1, tags: { a: 1, b: 2 } });
    const updated = await inWrite(() => desk.update(bob, id, { count: null, tags: { a: null, c: 3 } }, 1));
    expect(updated).toMatchObject({ id, version: 2, data: { name: 'x', tags: { b: 2, c: 3 } } });
    expect(updated.updatedAt > updated.createdAt).toBe(true);
    expect(
      (await historyOf(id)).map(({ version, change, changedBy }) => [version, change, changedBy.subject]),
    ).toEqual([
      [2, 'update', 'bob'],
      [1, 'create', 'ann'],
    ]);
  });

  it('makes no version of a patch that changes nothing', async () => {
    const record = await create({ name: 'x', tags: { a: 1, b: 2 } });
    expect(
      await inWrite(() => desk.update(bob, record.id, { name: 'x', tags: { b: 2 }, count: null }, undefined)),
    ).toEqual(record);
    expect(await historyOf(record.id)).toHaveLength(1);
  });

  it('refuses a result that does not fit', async () => {
    const { id } = await create({ name: 'x' });
    expect((await refusalOf(() => desk.update(ann, id, { name: null }, undefined))).details).toEqual({
      issues: [{ path: '/document/name', message: 'is required' }],
    });
    const half = 'x'.repeat(140_000);
    await inWrite(() => desk.update(ann, id, { a: half }, undefined));
    expect((await refusalOf(() => desk.update(ann, id, { b: half }, undefined))).details).toEqual({
      issues: [{ path: '/document', message: expect.stringContaining('at most 262144') }],
    });
  });

  it('refuses a stale version and names the current one', async () => {
    const { id } = await create({ name: 'x' });
    await inWrite(() => desk.update(ann, id, { name: 'y' }, 1));
    expect(await refusalOf(() => desk.update(bob, id, { name: 'z' }, 1))).toMatchObject({
      code: 'version_conflict',
      details: { current_version: 2 },
    });
  });

  it('lets one of many concurrent updates of a version through', async () => {
    const { id } = await create({ name: 'x' });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 12 }, (_, i) => inWrite(() => desk.update(ann, id, { name: `n${i}` }, 1))),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'version_conflict' });
    expect(await historyOf(id)).toHaveLength(2);
  });

  it('loses none of many concurrent updates without a version', async () => {
    const { id } = await create({ name: 'x' });
    await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        inWrite(() => desk.update(ann, id, { tags: { [`t${i}`]: i } }, undefined)),
      ),
    );
    const record = await inWrite(() => desk.read(id, { includeDeleted: false }));
    expect(record.version).toBe(13);
    expect(Object.keys(record.data['tags'] as object)).toHaveLength(12);
    expect((await historyOf(id)).map(({ version }) => version)).toEqual(
      Array.from({ length: 13 }, (_, i) => 13 - i),
    );
  });

  it('knows no record of another tenant', async () => {
    const { id } = await create({ name: 'x' });
    const stranger = { ...ann, tenant: 'other' };
    for (const attempt of [
      () => desk.update(stranger, id, { name: 'y' }, undefined),
      () => desk.delete(stranger, id, undefined),
      () => desk.restore(stranger, id, undefined),
      () => desk.read(id, { includeDeleted: true }),
    ])
      expect(await refusalOf(attempt, 'other')).toMatchObject({
        code: 'not_found',
        hint: expect.stringContaining('list_records'),
      });
  });
});

describe('RecordDesk.delete and restore', () => {
  it('hides a record and brings it back', async () => {
    const { id } = await create({ name: 'x', count: 7 });
    const deleted = await inWrite(() => desk.delete(bob, id, 1));
    expect(deleted).toMatchObject({ version: 2, deletedAt: deleted.updatedAt });
    expect(await refusalOf(() => desk.read(id, { includeDeleted: false }))).toMatchObject({
      code: 'record_deleted',
      hint: expect.stringContaining('restore_record'),
      details: { current_version: 2, deleted_at: deleted.deletedAt },
    });
    expect(await inWrite(() => desk.read(id, { includeDeleted: true }))).toEqual(deleted);
    const restored = await inWrite(() => desk.restore(ann, id, 2));
    expect(restored).toMatchObject({ version: 3, data: { name: 'x', count: 7 }, deletedAt: null });
    expect((await historyOf(id)).map(({ change }) => change)).toEqual(['restore', 'delete', 'create']);
  });

  it('does neither twice', async () => {
    const { id } = await create({ name: 'x' });
    expect(await refusalOf(() => desk.restore(ann, id, undefined))).toMatchObject({
      code: 'record_not_deleted',
    });
    await inWrite(() => desk.delete(ann, id, undefined));
    expect(await refusalOf(() => desk.delete(ann, id, undefined))).toMatchObject({ code: 'record_deleted' });
    expect(await refusalOf(() => desk.update(ann, id, { name: 'y' }, undefined))).toMatchObject({
      code: 'record_deleted',
    });
  });

  it('refuses a stale version', async () => {
    const { id } = await create({ name: 'x' });
    expect(await refusalOf(() => desk.delete(ann, id, 2))).toMatchObject({ code: 'version_conflict' });
    await inWrite(() => desk.delete(ann, id, 1));
    expect(await refusalOf(() => desk.restore(ann, id, 1))).toMatchObject({
      code: 'version_conflict',
      details: { current_version: 2 },
    });
  });

  it('restores nothing that no longer fits', async () => {
    await define('strict', { type: 'object' });
    const { id } = await create({}, 'strict');
    await inWrite(() => desk.delete(ann, id, undefined));
    await define('strict', { type: 'object', required: ['name'] });
    expect(await refusalOf(() => desk.restore(ann, id, undefined))).toMatchObject({
      code: 'schema_incompatible',
      details: { issues: [{ path: '/name', message: 'is required' }] },
    });
  });
});

describe('RecordDesk.plan', () => {
  it('knows only collections that exist', async () => {
    expect(await refusalOf(() => desk.plan('nothing', [], undefined))).toMatchObject({
      code: 'collection_not_found',
    });
  });
});
