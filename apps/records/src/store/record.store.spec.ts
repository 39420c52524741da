import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Database, type Sql } from '@gantry/postgres';
import { typeid } from 'typeid-js';
import postgres from 'postgres';
import { countries, countryIndexes, countrySchema } from '../../test/countries.ts';
import { startRecords, type RecordsApp } from '../../test/records-app.ts';
import { assignSlots, documentKeys } from '../domain/indexed-field.ts';
import type { JsonObject } from '../domain/json.ts';
import { planQuery, type FilterClause, type SortClause } from '../domain/record-query.ts';
import { CollectionStore } from './collection.store.ts';
import { RecordStore, type ListedRecord, type RecordPosition } from './record.store.ts';

const fields = assignSlots([], countryIndexes);
const author = { subject: 'ann', client: 'test' };
const tenant = 'acme';

let app: RecordsApp;
let database: Database;
let store: RecordStore;

const insert = (collection: string, data: JsonObject) =>
  store.insert(typeid('rec').toString(), collection, { data, keys: documentKeys(data, fields).keys, author });

beforeAll(async () => {
  app = await startRecords();
  ({ database } = app);
  store = app.get(RecordStore);
  await database.write({ tenant }, async () => {
    for (const name of ['countries', 'many', 'others']) {
      const content = { title: null, description: null, jsonSchema: countrySchema, indexedFields: fields };
      await app.get(CollectionStore).insert(name, content);
    }
    for (const country of countries) await insert('countries', country);
    for (const country of countries.slice(0, 20)) await insert('others', country);
    // Twelve times as many, so that an index is worth its while.
    for (const { name, area, region, landlocked } of countries)
      for (let i = 0; i < 12; i++)
        await insert('many', {
          name: { common: `${name.common} ${i}` },
          area: area + i / 100,
          region,
          landlocked,
        });
  });
  const owner = postgres(app.ownerUrl, { max: 1, onnotice: () => {} });
  await owner`analyze records`;
  await owner.end();
}, 120_000);
afterAll(() => app.stop());

const everything = { after: undefined, includeDeleted: false, limit: 1_000 };

function list(
  filter: FilterClause[],
  sort?: SortClause,
  window: Partial<typeof everything> = {},
): Promise<ListedRecord[]> {
  const query = planQuery(fields, filter, sort);
  return database.read({ tenant }, () => store.list('countries', query, { ...everything, ...window }));
}

const namesOf = (documents: readonly { name?: unknown }[]) =>
  documents.map(({ name }) => (name as { common: string }).common);
const named = async (records: Promise<ListedRecord[]>) => namesOf((await records).map(({ data }) => data));
const byCodePoints = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

describe('RecordStore.list', () => {
  it('gives back what was stored, in order of creation', async () => {
    const all = await list([]);
    expect(all.map(({ data }) => data)).toEqual(countries);
    expect(JSON.stringify(all[0]?.data)).toBe(JSON.stringify(countries[0]));
    expect(all[0]).toMatchObject({ collection: 'countries', version: 1, deletedAt: null, key: null });
    expect(await named(list([], { direction: 'desc' }))).toEqual(namesOf(countries).toReversed());
  });

  it.each<[string, FilterClause[], (country: (typeof countries)[number]) => boolean]>([
    ['eq', [{ field: 'region', op: 'eq', value: 'Europe' }], ({ region }) => region === 'Europe'],
    [
      'in',
      [{ field: 'region', op: 'in', value: ['Asia', 'Antarctic'] }],
      ({ region }) => ['Asia', 'Antarctic'].includes(region),
    ],
    ['gt', [{ field: 'area', op: 'gt', value: 1_000_000 }], ({ area }) => area > 1_000_000],
    ['lte', [{ field: 'area', op: 'lte', value: 180 }], ({ area }) => area <= 180],
    [
      'starts_with',
      [{ field: 'name.common', op: 'starts_with', value: 'Å' }],
      ({ name }) => name.common.startsWith('Å'),
    ],
    [
      'several conditions',
      [
        { field: 'landlocked', op: 'eq', value: true },
        { field: 'area', op: 'gte', value: 100 },
        { field: 'area', op: 'lt', value: 500_000 },
      ],
      ({ landlocked, area }) => landlocked && area >= 100 && area < 500_000,
    ],
    [
      'a value that nothing has',
      [{ field: 'region', op: 'eq', value: "'; drop table records; --" }],
      () => false,
    ],
  ])('filters by %s', async (_, filter, matches) => {
    expect(await named(list(filter))).toEqual(namesOf(countries.filter(matches)));
  });

  it('sorts by number and by text', async () => {
    const areas = (await list([], { field: 'area', direction: 'desc' })).map(({ data }) => data['area']);
    expect(areas).toEqual(countries.map(({ area }) => area).toSorted((a, b) => b - a));
    expect(await named(list([], { field: 'name.common', direction: 'asc' }))).toEqual(
      namesOf(countries).toSorted(byCodePoints),
    );
  });

  it.each<[string, SortClause | undefined]>([
    ['in order of creation', undefined],
    ['backwards', { direction: 'desc' }],
    ['by a field with few values', { field: 'region', direction: 'asc' }],
    ['by a field with few values, backwards', { field: 'region', direction: 'desc' }],
  ])('walks through %s without losing or repeating a record', async (_, sort) => {
    const query = planQuery(fields, [], sort);
    const walked: string[] = [];
    for (let after: RecordPosition | undefined; ;) {
      const page = await database.read({ tenant }, () =>
        store.list('countries', query, { after, includeDeleted: false, limit: 7 }),
      );
      walked.push(...page.map(({ id }) => id));
      const last = page.at(-1);
      if (page.length < 7 || !last) break;
      after = [last.key, last.id];
    }
    expect(walked).toEqual((await list([], sort)).map(({ id }) => id));
    expect(new Set(walked).size).toBe(countries.length);
  });

  it('leaves deleted records out unless asked for them', async () => {
    const [first] = await list([]);
    await database.write({ tenant }, () => store.setDeleted(first!.id, true, author));
    expect(await list([])).toHaveLength(countries.length - 1);
    expect((await list([], undefined, { includeDeleted: true }))[0]?.deletedAt).toMatch(/^20.*Z$/);
    await database.write({ tenant }, () => store.setDeleted(first!.id, false, author));
  });

  it('shows a tenant nothing of another', async () => {
    const query = planQuery(fields, [], undefined);
    const [mine] = await list([]);
    const theirs = await database.read({ tenant: 'other' }, async () => [
      await store.list('countries', query, everything),
      await store.find(mine!.id),
    ]);
    expect(theirs).toEqual([[], undefined]);
  });
});

interface PlanNode {
  'Node Type': string;
  'Index Name'?: string;
  Plans?: PlanNode[];
}

/** The store's own query, explained instead of run. */
async function planOf(
  collection: string,
  filter: FilterClause[],
  sort?: SortClause,
  after?: RecordPosition,
): Promise<PlanNode[]> {
  const explaining = {
    get sql() {
      const { sql } = database;
      const tag = (first: TemplateStringsArray, ...rest: never[]) => {
        if (!Array.isArray(first) || !first[0]?.trim().startsWith('select')) return sql(first, ...rest);
        const strings = [`explain (format json) ${first[0]}`, ...first.slice(1)];
        return sql(Object.assign(strings, { raw: strings }), ...rest);
      };
      return Object.assign(tag, { unsafe: sql.unsafe }) as unknown as Sql;
    },
  } as Database;
  const query = planQuery(fields, filter, sort);
  const rows = await database.read({ tenant }, () =>
    new RecordStore(explaining).list(collection, query, { after, includeDeleted: false, limit: 21 }),
  );
  const [{ Plan: root }] = (rows as unknown as { 'QUERY PLAN': [{ Plan: PlanNode }] }[])[0]!['QUERY PLAN'];
  const flat = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(flat)];
  return flat(root);
}

describe('the indexes', () => {
  const area: SortClause = { field: 'area', direction: 'asc' };
  const position: RecordPosition = ['=c0c3880000000000', 'rec_01'];

  it.each<[string, string, FilterClause[], SortClause | undefined, RecordPosition | undefined]>([
    ['eq', 'records_by_key_3', [{ field: 'region', op: 'eq', value: 'Antarctic' }], undefined, undefined],
    [
      'in',
      'records_by_key_1',
      [{ field: 'name.common', op: 'in', value: ['Chad 1', 'Peru 2'] }],
      undefined,
      undefined,
    ],
    ['a range', 'records_by_key_2', [{ field: 'area', op: 'gt', value: 15_000_000 }], undefined, undefined],
    [
      'starts_with',
      'records_by_key_1',
      [{ field: 'name.common', op: 'starts_with', value: 'Peru' }],
      undefined,
      undefined,
    ],
    ['a range in its order', 'records_by_key_2', [{ field: 'area', op: 'lt', value: 100 }], area, undefined],
    ['a sort', 'records_by_key_2', [], area, undefined],
    ['a sort, backwards', 'records_by_key_2', [], { field: 'area', direction: 'desc' }, undefined],
    ['a later page', 'records_by_key_2', [], area, position],
    ['a later page, backwards', 'records_by_key_2', [], { field: 'area', direction: 'desc' }, position],
    ['the order of creation', 'records_by_creation', [], undefined, undefined],
    [
      'its later page',
      'records_by_creation',
      [],
      { direction: 'desc' },
      [null, 'rec_7zzzzzzzzzzzzzzzzzzzzzzzzz'],
    ],
  ])('serve %s', async (_, index, filter, sort, after) => {
    // The one that holds most rows would be read in order of creation by way of the primary key.
    const plan = await planOf(index === 'records_by_creation' ? 'others' : 'many', filter, sort, after);
    expect(plan.map((node) => node['Index Name']).filter(Boolean)).toEqual([index]);
    expect(plan.map((node) => node['Node Type'])).not.toContain('Seq Scan');
    // Sorting by an index means not sorting at all.
    if (sort?.field)
      expect(plan.map((node) => node['Node Type'])).not.toEqual(
        expect.arrayContaining([expect.stringContaining('Sort')]),
      );
  });
});

describe('RecordStore.insertMany', () => {
  it('stores what insert would, in the order given', async () => {
    const documents: JsonObject[] = [
      { b: 1e308, a: 'ü"\\', name: { common: 'x' } },
      { area: -1.5, nothing: null },
    ];
    await database.write({ tenant }, async () => {
      await app
        .get(CollectionStore)
        .insert('bulk', { title: null, description: null, jsonSchema: {}, indexedFields: fields });
      const rows = documents.map((data) => ({
        id: typeid('rec').toString(),
        data,
        keys: documentKeys(data, fields).keys,
      }));
      await store.insertMany('bulk', author, rows);
      await store.insertMany('bulk', author, []);
    });
    const query = planQuery(fields, [{ field: 'name.common', op: 'eq', value: 'x' }], undefined);
    const all = planQuery(fields, [], undefined);
    const [listed, found] = await database.read({ tenant }, async () => [
      await store.list('bulk', all, everything),
      await store.list('bulk', query, everything),
    ]);
    expect(listed.map(({ data }) => JSON.stringify(data))).toEqual(
      documents.map((data) => JSON.stringify(data)),
    );
    expect(listed[0]).toMatchObject({ collection: 'bulk', version: 1, deletedAt: null });
    expect(found.map(({ id }) => id)).toEqual([listed[0]!.id]);
  });
});

describe('RecordStore.batches and refile', () => {
  it('visits every record of a collection once, and files it anew without a new version', async () => {
    const other = assignSlots([], [{ field: 'cca3', type: 'string' }]);
    const visited = await database.write({ tenant }, async () => {
      const ids: string[] = [];
      for await (const batch of store.batches('others', 6)) {
        expect(batch.length).toBeLessThanOrEqual(6);
        ids.push(...batch.map(({ id }) => id));
        await store.refile(batch.map(({ id, data }) => ({ id, keys: documentKeys(data, other).keys })));
      }
      return ids;
    });
    const refiled = await database.read({ tenant }, () =>
      store.list('others', planQuery(other, [], { field: 'cca3', direction: 'asc' }), everything),
    );
    expect(refiled.map(({ id }) => id).toSorted()).toEqual(visited);
    expect(refiled.map(({ key, version }) => [key, version])).toEqual(
      countries
        .slice(0, 20)
        .map(({ cca3 }) => [`=${cca3 as string}`, 1])
        .toSorted(),
    );
    const emptied = planQuery(fields, [], { field: 'area', direction: 'asc' });
    expect(await database.read({ tenant }, () => store.list('others', emptied, everything))).toEqual([]);
  });
});
