import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { countries, countryIndexes, countrySchema } from '../../test/countries.ts';
import { ANN, startRecords, type RecordsApp } from '../../test/records-app.ts';
import { RecordDesk } from '../desk/record-desk.ts';
import { DefineCollectionTool } from './define-collection.tool.ts';
import { ListRecordsTool } from './list-records.tool.ts';

let app: RecordsApp;
beforeAll(async () => {
  app = await startRecords();
  await app.call(DefineCollectionTool, {
    name: 'countries',
    json_schema: countrySchema,
    indexed_fields: countryIndexes,
  });
  const ann = { ...ANN, client: 'test', scopes: new Set<string>() };
  await app.database.write(ann, async () => {
    for (const country of countries) await app.get(RecordDesk).create(ann, 'countries', country);
  });
});
afterAll(() => app.stop());

const list = (input: Record<string, unknown>) =>
  app.call(ListRecordsTool, { collection: 'countries', ...input });
const commonName = ({ data }: { data: Record<string, unknown> }) =>
  (data['name'] as { common: string }).common;

describe('list_records', () => {
  it('walks through the whole collection', async () => {
    const names: string[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await list({
        limit: 40,
        cursor,
        fields: ['name'],
        sort: { field: 'name.common', direction: 'desc' },
      });
      names.push(...page.items.map(commonName));
      cursor = page.next_cursor;
      if (!page.has_more) break;
    }
    expect(names).toHaveLength(250);
    expect(names).toEqual(
      countries
        .map(({ name }) => name.common)
        .toSorted((a, b) => Buffer.compare(Buffer.from(b), Buffer.from(a))),
    );
  });

  it('filters, sorts and selects properties', async () => {
    const page = await list({
      filter: [
        { field: 'region', op: 'eq', value: 'Europe' },
        { field: 'landlocked', op: 'eq', value: true },
      ],
      sort: { field: 'area', direction: 'desc' },
      fields: ['cca3', 'area'],
      limit: 3,
    });
    expect(page.items.map(({ data }) => data)).toEqual([
      { cca3: 'BLR', area: 207600 },
      { cca3: 'HUN', area: 93028 },
      { cca3: 'SRB', area: 88361 },
    ]);
    expect(page).toMatchObject({ has_more: true, next_cursor: expect.any(String) });
  });

  it('has the latest first on request', async () => {
    const { items } = await list({ sort: { direction: 'desc' }, limit: 1 });
    expect(commonName(items[0]!)).toBe(countries.at(-1)?.name.common);
  });

  it('cuts a page of large items short, with a cursor to go on from', async () => {
    const document = { name: { common: 'x'.repeat(150_000) }, cca3: 'XXX', region: 'Nowhere' };
    const ann = { ...ANN, client: 'test', scopes: new Set<string>() };
    await app.database.write(ann, async () => {
      for (let i = 0; i < 3; i++) await app.get(RecordDesk).create(ann, 'countries', document);
    });
    const filter = [{ field: 'region', op: 'eq', value: 'Nowhere' }];
    const first = await list({ filter });
    expect(first).toMatchObject({ items: [{ data: document }], has_more: true });
    expect((await list({ filter, cursor: first.next_cursor })).items).toHaveLength(1);
    expect((await list({ filter, fields: ['cca3'] })).items).toHaveLength(3);
  });

  it('goes on from a long key', async () => {
    const sort = { field: 'name.common', direction: 'desc' };
    const { next_cursor: cursor } = await list({ sort, limit: 1 });
    expect(commonName((await list({ sort, cursor, limit: 1 })).items[0]!)).toHaveLength(150_000);
  });

  it('refuses fields that are not indexed, and names those that are', async () => {
    const refusal = await app.refusal(ListRecordsTool, {
      collection: 'countries',
      filter: [{ field: 'capital', op: 'eq', value: 'Oslo' }],
    });
    expect(refusal).toMatchObject({
      code: 'validation_error',
      details: {
        issues: [
          {
            path: '/filter/0/field',
            message: '"capital" is not indexed; indexed are name.common, area, region, landlocked',
          },
        ],
      },
    });
  });

  it('refuses a cursor of another list', async () => {
    const { next_cursor: cursor } = await list({ limit: 1, sort: { field: 'area' } });
    const other = { collection: 'countries', limit: 1, cursor };
    expect(await app.refusal(ListRecordsTool, { ...other, sort: { field: 'region' } })).toMatchObject({
      code: 'validation_error',
    });
    expect(
      await app.refusal(ListRecordsTool, { ...other, sort: { field: 'area' } }, { ...ANN, subject: 'bob' }),
    ).toMatchObject({
      code: 'validation_error',
      details: { issues: [{ path: '/cursor' }] },
    });
  });

  it('refuses a cursor from before the field had another type', async () => {
    const jsonSchema = { type: 'object' };
    const define = (type: string) =>
      app.call(DefineCollectionTool, {
        name: 'mixed',
        json_schema: jsonSchema,
        indexed_fields: [{ field: 'a', type }],
      });
    await define('string');
    const ann = { ...ANN, client: 'test', scopes: new Set<string>() };
    await app.database.write(ann, async () => {
      for (let i = 0; i < 2; i++) await app.get(RecordDesk).create(ann, 'mixed', {});
    });
    const asked = { collection: 'mixed', sort: { field: 'a' }, limit: 1 };
    const { next_cursor: cursor } = await app.call(ListRecordsTool, asked);
    expect((await app.call(ListRecordsTool, { ...asked, cursor })).items).toHaveLength(1);
    await define('number');
    expect(await app.refusal(ListRecordsTool, { ...asked, cursor })).toMatchObject({
      code: 'validation_error',
    });
  });

  it('knows only collections of the caller', async () => {
    expect(
      await app.refusal(ListRecordsTool, { collection: 'countries' }, { ...ANN, tenant: 'other' }),
    ).toMatchObject({
      code: 'collection_not_found',
    });
  });

  it.each<[string, unknown, string]>([
    ['nine conditions', Array.from({ length: 9 }, () => ({ field: 'area', op: 'eq', value: 1 })), 'filter'],
    ['an unknown operator', [{ field: 'area', op: 'like', value: 1 }], 'filter'],
    ['a long value', [{ field: 'region', op: 'eq', value: 'x'.repeat(1_001) }], 'filter'],
    ['too many values', [{ field: 'area', op: 'in', value: Array(51).fill(1) }], 'filter'],
    ['an object for a value', [{ field: 'area', op: 'eq', value: {} }], 'filter'],
  ])('refuses %s', async (_, filter, path) => {
    await expect(list({ filter })).rejects.toMatchObject({
      issues: [{ path: expect.arrayContaining([path]) }],
    });
  });
});
