import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { finished } from '../../test/finished.ts';
import { ANN, startRecords, type Caller, type RecordsApp } from '../../test/records-app.ts';
import { Exports } from '../desk/exports.ts';
import type { JsonObject } from '../domain/json.ts';
import { CreateRecordTool } from './create-record.tool.ts';
import { DefineCollectionTool } from './define-collection.tool.ts';
import { DeleteRecordTool } from './delete-record.tool.ts';
import { ExportRecordsTool } from './export-records.tool.ts';
import { ImportRecordsTool } from './import-records.tool.ts';
import { ListRecordsTool } from './list-records.tool.ts';

const json_schema = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    note: { type: 'string' },
    size: { type: 'number' },
    open: { type: 'boolean' },
    tags: { type: 'array' },
    place: { type: 'object' },
  },
};

/** Whatever is hard to write into a file. */
const tricky: JsonObject[] = [
  { name: 'plain', note: '', size: 1e308, open: true },
  { name: '=1+2', note: '"quoted", and\r\nbroken\n', size: -0.5, open: false },
  { name: ' Ü😀\r', tags: [1, 'a,"b"', null], place: { deep: { x: [] } } },
  { name: '\uFEFFmark', note: 'null', tags: [], place: {} },
];

let app: RecordsApp;

beforeAll(async () => {
  app = await startRecords();
  for (const name of ['things', 'copies_ndjson', 'copies_csv']) await define(name);
  for (const document of tricky) await create(document);
});
afterAll(() => app.stop());

function define(name: string, schema: JsonObject = json_schema) {
  const indexed_fields = [{ field: 'size', type: 'number' }];
  return app.call(DefineCollectionTool, { name, json_schema: schema, indexed_fields });
}

function create(document: JsonObject, collection = 'things') {
  return app.call(CreateRecordTool, { collection, document });
}

async function documents(collection: string) {
  const { items } = await app.call(ListRecordsTool, { collection, limit: 100 });
  return items.map(({ data }) => data);
}

interface Exported {
  id: string;
  result: { records: number; bytes: number; parts: number; uri_template: string };
  parts: string[];
}

async function exported(request: Record<string, unknown>): Promise<Exported> {
  const { operation } = await app.call(ExportRecordsTool, {
    collection: 'things',
    format: 'ndjson',
    ...request,
  });
  const view = await finished(app, operation);
  expect(view).toMatchObject({ status: 'succeeded', tool: 'export_records' });
  const id = operation.operation_id;
  const result = view.result as Exported['result'];
  const parts: string[] = [];
  for (let part = 1; part <= result.parts; part++) parts.push((await partOf(id, part))!.content);
  expect(await partOf(id, result.parts + 1)).toBeUndefined();
  return { id, result, parts };
}

function partOf(id: string, part: number, { tenant, subject }: Caller = ANN) {
  const principal = { tenant, subject, client: 'test', scopes: new Set<string>() };
  return app.database.read({ tenant }, () => app.get(Exports).part(principal, id, part));
}

describe('export_records', () => {
  it.each(['ndjson', 'csv'])(
    'writes %s that gives the same documents when it is imported',
    async (format) => {
      const { id, result, parts } = await exported({ format });
      expect(result).toEqual({
        records: tricky.length,
        bytes: Buffer.byteLength(parts.join('')),
        parts: 1,
        uri_template: `records://exports/${id}/{part}`,
      });
      const collection = `copies_${format}`;
      const { operation } = await app.call(ImportRecordsTool, {
        collection,
        format,
        content: parts.join(''),
      });
      expect(await finished(app, operation)).toMatchObject({
        result: { imported: tricky.length, rejected: 0 },
      });
      expect(await documents(collection)).toEqual(tricky);
    },
  );

  it('writes what the filter finds, and of it what was asked for', async () => {
    const filter = [{ field: 'size', op: 'gt', value: 0 }];
    expect((await exported({ filter, fields: ['name', 'missing'] })).parts).toEqual(['{"name":"plain"}\n']);
    expect((await exported({ format: 'csv', filter, fields: ['size', 'missing'] })).parts).toEqual([
      'size,missing\n1e+308,\n',
    ]);
  });

  it('writes parts that are cut between records, and no deleted ones', async () => {
    await define('large');
    const text = 'x'.repeat(150_000);
    const ids: string[] = [];
    for (let i = 0; i < 7; i++) ids.push((await create({ name: `${i}${text}` }, 'large')).id);
    await app.call(DeleteRecordTool, { record_id: ids[3]! });
    const { result, parts } = await exported({ collection: 'large', format: 'csv', fields: ['name'] });
    expect(result).toMatchObject({ records: 6, parts: 3 });
    expect(parts.map((part) => part.split('\n').map((line) => line.slice(0, 4)))).toEqual([
      ['name', '0xxx', '1xxx', ''],
      ['2xxx', '4xxx', ''],
      ['5xxx', '6xxx', ''],
    ]);
  });

  it('writes more records than are read at once', async () => {
    await define('many');
    const content = Array.from({ length: 450 }, (_, i) => `{"name":"${i}"}\n`).join('');
    const { operation } = await app.call(ImportRecordsTool, {
      collection: 'many',
      format: 'ndjson',
      content,
    });
    await finished(app, operation);
    const { result, parts } = await exported({ collection: 'many' });
    expect(result).toMatchObject({ records: 450, parts: 1 });
    expect(parts).toEqual([content]);
  });

  it('of nothing is a header or nothing', async () => {
    await define('empty');
    expect(await exported({ collection: 'empty' })).toMatchObject({ result: { records: 0, parts: 0 } });
    expect(await exported({ collection: 'empty', format: 'csv' })).toMatchObject({
      result: { records: 0, parts: 1 },
      parts: ['name,note,size,open,tags,place\n'],
    });
  });

  it('is nobody else’s', async () => {
    const { id } = await exported({});
    for (const stranger of [
      { tenant: 'acme', subject: 'bob' },
      { tenant: 'umbrella', subject: 'ann' },
    ])
      await expect(partOf(id, 1, stranger)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('refuses what it could not write', async () => {
    await define('loose', { type: 'object' });
    const refusal = (request: Record<string, unknown>) =>
      app.refusal(ExportRecordsTool, { collection: 'things', format: 'csv', ...request });
    expect(await refusal({ collection: 'missing' })).toMatchObject({ code: 'collection_not_found' });
    expect(await refusal({ collection: 'loose' })).toMatchObject({
      code: 'validation_error',
      details: { issues: [{ path: '/fields' }] },
    });
    expect(await refusal({ filter: [{ field: 'name', op: 'eq', value: 'x' }] })).toMatchObject({
      code: 'validation_error',
      details: { issues: [{ path: '/filter/0/field' }] },
    });
  });
});
