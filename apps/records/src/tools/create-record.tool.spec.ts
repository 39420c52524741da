import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startRecords, type RecordsApp } from '../../test/records-app.ts';
import { CreateRecordTool } from './create-record.tool.ts';
import { DefineCollectionTool } from './define-collection.tool.ts';

let app: RecordsApp;
beforeAll(async () => {
  app = await startRecords();
  await app.call(DefineCollectionTool, {
    name: 'books',
    json_schema: { type: 'object', required: ['title'] },
  });
});
afterAll(() => app.stop());

describe('create_record', () => {
  it('stores a document and returns it as a record', async () => {
    const record = await app.call(CreateRecordTool, {
      collection: 'books',
      document: { title: 'Emma', year: 1815 },
    });
    expect(record).toEqual({
      id: expect.stringMatching(/^rec_/),
      collection: 'books',
      version: 1,
      data: { title: 'Emma', year: 1815 },
      created_at: expect.stringMatching(/^20.*Z$/),
      updated_at: record.created_at,
    });
  });

  it('points at the fields of a document that does not fit', async () => {
    expect(await app.refusal(CreateRecordTool, { collection: 'books', document: {} })).toMatchObject({
      code: 'validation_error',
      details: { issues: [{ path: '/document/title', message: 'is required' }] },
    });
  });

  it('names the next step when there is no such collection', async () => {
    expect(await app.refusal(CreateRecordTool, { collection: 'films', document: {} })).toMatchObject({
      code: 'collection_not_found',
      hint: expect.stringMatching(/list_collections.*define_collection/),
    });
  });

  it.each<[string, unknown, (string | number)[]]>([
    ['no document', undefined, ['document']],
    ['a list', [], ['document']],
    ['NUL', { a: ['\0'] }, ['document', 'a', 0]],
    ['__proto__', JSON.parse('{"a":{"__proto__":{}}}'), ['document', 'a']],
    [
      'a million levels',
      JSON.parse('{"a":'.repeat(200_000) + '1' + '}'.repeat(200_000)),
      ['document', ...Array<string>(32).fill('a')],
    ],
  ])('refuses %s before anything looks inside', async (_, document, path) => {
    await expect(app.call(CreateRecordTool, { collection: 'books', document })).rejects.toMatchObject({
      issues: [{ path }],
    });
  });
});
