import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import postgres from 'postgres';
import { startRecords, type RecordsApp } from '../../test/records-app.ts';
import { SLOTS } from '../domain/indexed-field.ts';
import { CollectionStore } from './collection.store.ts';
import { RecordHistoryStore } from './record-history.store.ts';
import { RecordStore } from './record.store.ts';

const tenant = 'acme';
const keys = Array.from({ length: SLOTS }, () => null);
const ann = { subject: 'ann', client: 'cli' };
const bob = { subject: 'bob', client: 'bot' };

let app: RecordsApp;
let history: RecordHistoryStore;
let owner: postgres.Sql;

/** Runs a statement as the service, in the name of the tenant. */
const asService = (text: string) =>
  app.database.write({ tenant }, async () => void (await app.database.sql.unsafe(text)));

/** Runs a statement as the owner of the tables, in the name of the tenant. */
const asOwner = (text: string) =>
  owner.begin(async (sql) => {
    await sql`select set_config('gantry.tenant', ${tenant}, true)`;
    await sql.unsafe(text);
  });

beforeAll(async () => {
  app = await startRecords();
  history = app.get(RecordHistoryStore);
  owner = postgres(app.ownerUrl, { max: 1, onnotice: () => {} });
  const records = app.get(RecordStore);
  await app.database.write({ tenant }, async () => {
    const content = { title: null, description: null, jsonSchema: { type: 'object' }, indexedFields: [] };
    await app.get(CollectionStore).insert('things', content);
    await records.insert('rec_1', 'things', { data: { a: 1 }, keys, author: ann });
    await records.update('rec_1', { data: { a: 2 }, keys, author: bob });
    await records.setDeleted('rec_1', true, ann);
    await records.setDeleted('rec_1', false, bob);
  });
});
afterAll(async () => {
  await owner.end();
  await app.stop();
});

describe('RecordHistoryStore', () => {
  it('has every version, the latest first', async () => {
    const versions = await app.database.read({ tenant }, () =>
      history.list('rec_1', { before: undefined, limit: 10 }),
    );
    expect(
      versions.map(({ version, change, data, changedBy }) => [version, change, data, changedBy]),
    ).toEqual([
      [4, 'restore', { a: 2 }, bob],
      [3, 'delete', { a: 2 }, ann],
      [2, 'update', { a: 2 }, bob],
      [1, 'create', { a: 1 }, ann],
    ]);
    const times = versions.map(({ changedAt }) => changedAt);
    expect(times.toSorted().toReversed()).toEqual(times);
  });

  it('goes on before a version', async () => {
    const versions = await app.database.read({ tenant }, () =>
      history.list('rec_1', { before: 4, limit: 2 }),
    );
    expect(versions.map(({ version }) => version)).toEqual([3, 2]);
  });

  it('shows a tenant nothing of another', async () => {
    expect(
      await app.database.read({ tenant: 'other' }, () =>
        history.list('rec_1', { before: undefined, limit: 10 }),
      ),
    ).toEqual([]);
  });
});

describe('the database', () => {
  it.each([
    ['change a document without a new version', `update records set data = '{}'`],
    ['change it back in time', `update records set updated_at = now() - interval '1 day'`],
    ['hide a deletion', `update records set deleted_at = now()`],
    ['skip a version', `update records set version = version + 2`],
    ['go back a version', `update records set version = version - 1`],
    ['move a record to another id', `update records set id = 'rec_2', version = version + 1`],
    [
      'create a record in mid-life',
      `insert into records (id, collection, version, data, changed_by_subject, changed_by_client) values ('rec_3', 'things', 2, '{}', 's', 'c')`,
    ],
    [
      'create a deleted record',
      `insert into records (id, collection, deleted_at, data, changed_by_subject, changed_by_client) values ('rec_3', 'things', now(), '{}', 's', 'c')`,
    ],
    [
      'create a record of nobody',
      `insert into records (id, collection, data) values ('rec_3', 'things', '{}')`,
    ],
    [
      'create a record in no collection',
      `insert into records (id, collection, data, changed_by_subject, changed_by_client) values ('rec_3', 'none', '{}', 's', 'c')`,
    ],
  ])('lets nobody %s', async (_, text) => {
    await expect(asService(text)).rejects.toThrow();
    await expect(asOwner(text)).rejects.toThrow(/version|record|collection|null/);
  });

  it.each([
    [
      'write history',
      `insert into record_history (tenant_id, record_id, version, change, data, changed_by_subject, changed_by_client, changed_at) values ('acme', 'rec_1', 9, 'update', '{}', 's', 'c', now())`,
    ],
    ['change history', `update record_history set data = '{}'`],
    ['remove history', `delete from record_history`],
    ['empty history', `truncate record_history`],
    ['remove records', `delete from records`],
    ['remove collections', `delete from collections`],
    ['take down a trigger', `alter table records disable trigger all`],
    [
      'write as another tenant',
      `insert into collections (tenant_id, name, json_schema, indexed_fields) values ('other', 'x', '{}', '[]')`,
    ],
  ])('does not let the service %s', async (_, text) => {
    await expect(asService(text)).rejects.toThrow();
  });

  it.each(["update record_history set data = '{}'", 'delete from record_history', 'truncate record_history'])(
    'does not even let the owner run: %s',
    async (text) => {
      await expect(asOwner(text)).rejects.toThrow('history is only ever added to');
    },
  );

  it('writes no version for other keys alone', async () => {
    await asService(`update records set key_1 = '=x'`);
    expect(
      await app.database.read({ tenant }, () => history.list('rec_1', { before: undefined, limit: 10 })),
    ).toHaveLength(4);
  });

  it('writes into no table that only looks like the history', async () => {
    await asOwner(`
      create temp table record_history (like public.record_history) on commit drop;
      update records set version = version + 1`);
    expect(
      await app.database.read({ tenant }, () => history.list('rec_1', { before: undefined, limit: 10 })),
    ).toHaveLength(5);
  });
});
