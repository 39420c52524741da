import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ANN, startRecords, type RecordsApp } from '../../test/records-app.ts';
import { CreateRecordTool } from './create-record.tool.ts';
import { DefineCollectionTool } from './define-collection.tool.ts';

let app: RecordsApp;
beforeAll(async () => void (app = await startRecords()));
afterAll(() => app.stop());

const books = {
  name: 'books',
  title: 'Books',
  description: 'What is on the shelf',
  json_schema: { type: 'object', properties: { title: { type: 'string' } } },
  indexed_fields: [{ field: 'title', type: 'string' }],
};

describe('define_collection', () => {
  it('creates, leaves alone, and changes', async () => {
    const created = await app.call(DefineCollectionTool, books);
    expect(created).toEqual({
      ...books,
      version: 1,
      outcome: 'created',
      created_at: expect.stringMatching(/^20.*Z$/),
      updated_at: expect.stringMatching(/^20.*Z$/),
    });
    expect(await app.call(DefineCollectionTool, books)).toEqual({ ...created, outcome: 'unchanged' });
    const { indexed_fields, ...rest } = books;
    expect(
      await app.call(DefineCollectionTool, { ...rest, title: 'Old books', expected_version: 1 }),
    ).toMatchObject({
      outcome: 'changed',
      version: 2,
      title: 'Old books',
      indexed_fields,
    });
  });

  it('names the next step when records do not fit', async () => {
    await app.call(CreateRecordTool, { collection: 'books', document: { title: 'Emma', year: 1815 } });
    const refusal = await app.refusal(DefineCollectionTool, {
      ...books,
      json_schema: { type: 'object', properties: { year: { type: 'string' } } },
    });
    expect(refusal).toMatchObject({
      code: 'schema_incompatible',
      hint: expect.stringMatching(/update_record.*define_collection/),
    });
  });

  it.each<[string, Record<string, unknown>, (string | number)[]]>([
    ['a name with capitals', { name: 'Books' }, ['name']],
    ['a name that is too long', { name: 'b'.repeat(64) }, ['name']],
    ['a schema that is no object', { json_schema: true }, ['json_schema']],
    [
      'a schema nested too deeply',
      { json_schema: JSON.parse('{"not":'.repeat(20) + '{}' + '}'.repeat(20)) },
      ['json_schema', ...Array<string>(16).fill('not')],
    ],
    [
      'the same field twice',
      {
        indexed_fields: [
          { field: 'a', type: 'string' },
          { field: 'a', type: 'number' },
        ],
      },
      ['indexed_fields'],
    ],
    [
      'nine fields',
      { indexed_fields: Array.from({ length: 9 }, (_, i) => ({ field: `f${i}`, type: 'string' })) },
      ['indexed_fields'],
    ],
    [
      'an empty part of a path',
      { indexed_fields: [{ field: 'a..b', type: 'string' }] },
      ['indexed_fields', 0, 'field'],
    ],
    ['an unknown type', { indexed_fields: [{ field: 'a', type: 'text' }] }, ['indexed_fields', 0, 'type']],
    ['version 0', { expected_version: 0 }, ['expected_version']],
  ])('refuses %s', async (_, wrong, path) => {
    await expect(app.call(DefineCollectionTool, { ...books, ...wrong })).rejects.toMatchObject({
      issues: [{ path }],
    });
  });

  it('keeps tenants apart', async () => {
    const theirs = await app.call(DefineCollectionTool, books, { ...ANN, tenant: 'other' });
    expect(theirs).toMatchObject({ outcome: 'created', version: 1 });
  });
});
