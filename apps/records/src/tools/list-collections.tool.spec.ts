import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ANN, startRecords, type RecordsApp } from '../../test/records-app.ts';
import { DefineCollectionTool } from './define-collection.tool.ts';
import { ListCollectionsTool } from './list-collections.tool.ts';

let app: RecordsApp;
beforeAll(async () => {
  app = await startRecords();
  for (const name of ['delta', 'alpha', 'charlie', 'bravo'])
    await app.call(DefineCollectionTool, { name, json_schema: { type: 'object', description: name } });
});
afterAll(() => app.stop());

describe('list_collections', () => {
  it('lists by name, page by page', async () => {
    const names: string[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await app.call(ListCollectionsTool, { limit: 3, cursor });
      names.push(...page.items.map(({ name }) => name));
      cursor = page.next_cursor;
      if (!page.has_more) break;
    }
    expect(names).toEqual(['alpha', 'bravo', 'charlie', 'delta']);
  });

  it('shows the whole definition, or the fields asked for', async () => {
    const { items } = await app.call(ListCollectionsTool, { name: 'bravo' });
    expect(items).toEqual([
      {
        name: 'bravo',
        version: 1,
        json_schema: { type: 'object', description: 'bravo' },
        indexed_fields: [],
        created_at: expect.any(String),
        updated_at: expect.any(String),
      },
    ]);
    expect((await app.call(ListCollectionsTool, { fields: ['version'], limit: 1 })).items).toEqual([
      { name: 'alpha', version: 1 },
    ]);
  });

  it('is empty for a name that is not there, and for another tenant', async () => {
    expect(await app.call(ListCollectionsTool, { name: 'zulu' })).toEqual({ items: [], has_more: false });
    expect(await app.call(ListCollectionsTool, {}, { ...ANN, tenant: 'other' })).toEqual({
      items: [],
      has_more: false,
    });
  });

  it('refuses fields that a collection does not have', async () => {
    expect(await app.refusal(ListCollectionsTool, { fields: ['colour'] })).toMatchObject({
      code: 'validation_error',
      details: { issues: [{ path: '/fields/0', message: expect.stringContaining('json_schema') }] },
    });
  });
});
