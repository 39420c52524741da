import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { finished } from '../../test/finished.ts';
import { ANN, startRecords, type Caller, type RecordsApp } from '../../test/records-app.ts';
import { DefineCollectionTool } from './define-collection.tool.ts';
import { ImportRecordsTool } from './import-records.tool.ts';
import { ListRecordsTool } from './list-records.tool.ts';

const BOB: Caller = { tenant: 'acme', subject: 'bob' };
const EVE: Caller = { tenant: 'umbrella', subject: 'ann' };

const json_schema = {
  type: 'object',
  properties: { title: { type: 'string', minLength: 1 }, year: { type: 'integer' }, tags: { type: 'array' } },
  required: ['title'],
};

let app: RecordsApp;
let collection: string;
let collections = 0;

beforeAll(async () => {
  app = await startRecords();
  await app.call(DefineCollectionTool, { name: 'others', json_schema });
});
afterAll(() => app.stop());

async function newCollection() {
  collection = `books_${++collections}`;
  const indexed_fields = [{ field: 'year', type: 'number' }];
  await app.call(DefineCollectionTool, { name: collection, json_schema, indexed_fields });
}

function send(part: Record<string, unknown>, caller?: Caller) {
  return app.call(ImportRecordsTool, { collection, format: 'ndjson', ...part }, caller);
}

function refusal(part: Record<string, unknown>, caller?: Caller) {
  return app.refusal(ImportRecordsTool, { collection, format: 'ndjson', content: 'x', ...part }, caller);
}

async function documents() {
  const { items } = await app.call(ListRecordsTool, { collection, limit: 100 });
  return items.map(({ data }) => data);
}

describe('import_records of one part', () => {
  beforeAll(newCollection);

  it('makes a record of each line, in their order', async () => {
    const { upload, operation } = await send({ content: '{"title":"Emma","year":1815}\n\n{"title":"Kim"}' });
    expect(upload).toBeUndefined();
    expect(operation).toMatchObject({ tool: 'import_records', status: 'queued', poll_after_seconds: 2 });
    expect(await finished(app, operation)).toMatchObject({
      status: 'succeeded',
      progress: { done: 3, total: 3, message: '3 of 3 lines read: 2 records imported, 0 rejected.' },
      result: { lines: 3, imported: 2, rejected: 0, rejections: [] },
    });
    expect(await documents()).toEqual([{ title: 'Emma', year: 1815 }, { title: 'Kim' }]);
  });

  it('names the lines that it does not import, and imports the others', async () => {
    await newCollection();
    const lines = [
      '{"title":1}',
      '{',
      '[]',
      '{"title":"a\\u0000"}',
      '{"title":"Kim"}',
      '{"year":"x","a\\u0000":1}',
    ];
    const { operation } = await send({ content: lines.join('\r\n') });
    const { result } = await finished(app, operation);
    expect(result).toEqual({
      lines: 6,
      imported: 1,
      rejected: 5,
      rejections: [
        { line: 1, reason: '/title must be string' },
        { line: 2, reason: expect.stringMatching(/^is not JSON: /) },
        { line: 3, reason: 'must be a JSON object' },
        { line: 4, reason: '/title contains a NUL character (\\u0000)' },
        { line: 6, reason: 'has a key that contains a NUL character (\\u0000)' },
      ],
      rejections_uri: `records://imports/${operation!.operation_id}/rejections/0`,
    });
    expect(await documents()).toEqual([{ title: 'Kim' }]);
  });

  it('reads CSV by the types of the schema', async () => {
    await newCollection();
    const content =
      '\uFEFFtitle,year,tags,more\r\n"Ä, ""b""\nc",1815,"[""x""]",7\r\na,b\r\n,1,,\r\n"5" x,,,\r\nKim,,,\r\n';
    const { operation } = await send({ format: 'csv', content });
    const { result } = await finished(app, operation);
    expect(result).toMatchObject({
      lines: 7,
      imported: 2,
      rejected: 3,
      rejections: [
        { line: 4, reason: 'has 2 cells; the header has 4' },
        { line: 5, reason: '/title is required' },
        { line: 6, reason: expect.stringContaining('after a closing quote') },
      ],
    });
    expect(await documents()).toEqual([
      { title: 'Ä, "b"\nc', year: 1815, tags: ['x'], more: '7' },
      { title: 'Kim' },
    ]);
  });

  it('fails if the header is none', async () => {
    const { operation } = await send({ format: 'csv', content: 'title,title\na,b' });
    expect(await finished(app, operation)).toMatchObject({
      status: 'failed',
      error: { code: 'file_header_invalid' },
    });
  });

  it('needs a collection', async () => {
    expect(await refusal({ collection: 'missing' })).toMatchObject({ code: 'collection_not_found' });
    expect(await refusal({ collection: 'others' }, EVE)).toMatchObject({ code: 'collection_not_found' });
  });
});

describe('import_records of several parts', () => {
  beforeAll(newCollection);

  it('puts the file together, wherever it was cut', async () => {
    const file = Array.from({ length: 40 }, (_, year) => `{"title":"Ü😀","year":${year}}`).join('\n');
    const first = await send({ content: file.slice(0, 33), last: false });
    expect(first).toEqual({
      upload: {
        upload_id: expect.stringMatching(/^upl_/),
        next_part: 2,
        received_bytes: Buffer.byteLength(file.slice(0, 33)),
      },
    });
    const { upload_id } = first.upload!;
    for (const part of [2, 3, 4]) {
      const content = file.slice(33 + (part - 2) * 100, 33 + (part - 1) * 100);
      expect(await send({ upload_id, part, content, last: false })).toMatchObject({
        upload: { next_part: part + 1 },
      });
    }
    expect(await documents()).toEqual([]);
    const { operation } = await send({ upload_id, part: 5, content: file.slice(333) });
    expect(await finished(app, operation)).toMatchObject({ result: { lines: 40, imported: 40 } });
    expect(await documents()).toEqual(Array.from({ length: 40 }, (_, year) => ({ title: 'Ü😀', year })));
    const left = await app.database.read(
      { tenant: ANN.tenant },
      () => app.database.sql`select from upload_parts where upload_id = ${upload_id}`,
    );
    expect(left).toHaveLength(0);
    expect(await refusal({ upload_id, part: 6 })).toMatchObject({
      code: 'upload_part_unexpected',
      hint: expect.stringContaining(operation!.operation_id),
    });
  });

  it('is for one collection, in one format', async () => {
    const { upload } = await send({ content: 'x', last: false });
    for (const other of [{ collection: 'others' }, { format: 'csv' }]) {
      expect(await refusal({ upload_id: upload!.upload_id, part: 2, ...other })).toMatchObject({
        code: 'upload_part_unexpected',
        details: { next_part: 2 },
      });
    }
  });

  it('is nobody else’s', async () => {
    const { upload } = await send({ content: 'x', last: false });
    for (const stranger of [BOB, EVE]) {
      expect(await refusal({ upload_id: upload!.upload_id, part: 2 }, stranger)).toMatchObject({
        code: 'upload_not_found',
      });
    }
  });
});
