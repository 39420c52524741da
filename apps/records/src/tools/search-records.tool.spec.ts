import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { typeid } from 'typeid-js';
import { countries, countrySchema } from '../../test/countries.ts';
import { ANN, startRecords, type RecordsApp } from '../../test/records-app.ts';
import type { JsonObject } from '../domain/json.ts';
import { RecordStore } from '../store/record.store.ts';
import { CreateRecordTool } from './create-record.tool.ts';
import { DefineCollectionTool } from './define-collection.tool.ts';
import { DeleteRecordTool } from './delete-record.tool.ts';
import { RestoreRecordTool } from './restore-record.tool.ts';
import { SearchRecordsTool } from './search-records.tool.ts';
import { UpdateRecordTool } from './update-record.tool.ts';

let app: RecordsApp;
beforeAll(async () => {
  app = await startRecords();
  await app.call(DefineCollectionTool, { name: 'countries', json_schema: countrySchema });
  await app.call(DefineCollectionTool, { name: 'notes', json_schema: { type: 'object' } });
  await store('countries', countries);
});
afterAll(() => app.stop());

function store(collection: string, documents: readonly JsonObject[]) {
  const author = { subject: 'ann', client: 'test' };
  const keys = Array<null>(8).fill(null);
  return app.database.write(ANN, async () => {
    for (const data of documents)
      await app.get(RecordStore).insert(typeid('rec').toString(), collection, { data, keys, author });
  });
}

const search = (query: string, input: Record<string, unknown> = {}, collection = 'countries') =>
  app.call(SearchRecordsTool, { collection, query, ...input });

describe('search_records', () => {
  it('finds records by what is in them, and shows where', async () => {
    const page = await search('reykjavik', { fields: ['cca3'] });
    expect(page).toEqual({
      items: [
        {
          id: expect.stringMatching(/^rec_/),
          version: 1,
          data: { cca3: 'ISL' },
          snippet: 'capital: Reykjavik',
          updated_at: expect.any(String),
        },
      ],
      has_more: false,
      matches: 1,
      is_complete: true,
    });
  });

  it('says so when nothing matches, and has no snippet of what only excludes', async () => {
    expect(await search('atlantis')).toEqual({ items: [], has_more: false, matches: 0, is_complete: true });
    const { items, matches } = await search('-europe', { limit: 1 });
    expect(matches).toBeGreaterThan(150);
    expect(items[0]!.snippet).toBeUndefined();
  });

  it('follows what other calls change', async () => {
    const seen = async (query: string) =>
      (await search(query, {}, 'notes')).items.map(({ version }) => version);
    const { id } = await app.call(CreateRecordTool, { collection: 'notes', document: { text: 'otter' } });
    expect(await seen('otter')).toEqual([1]);
    await app.call(UpdateRecordTool, { record_id: id, patch: { more: ['beaver'] } });
    expect(await seen('otter beaver')).toEqual([2]);
    await app.call(DeleteRecordTool, { record_id: id });
    expect(await seen('otter')).toEqual([]);
    await app.call(RestoreRecordTool, { record_id: id });
    expect(await seen('otter')).toEqual([4]);
  });

  it('walks through all matches in pages, each once', async () => {
    const [all, walked]: string[][] = [[], []];
    all!.push(...(await search('europe', { limit: 100, fields: ['cca3'] })).items.map(({ id }) => id));
    for (let cursor: string | undefined; ;) {
      const page = await search('europe', { limit: 7, cursor });
      walked!.push(...page.items.map(({ id }) => id));
      expect(page.matches).toBe(all!.length);
      cursor = page.next_cursor;
      if (!page.has_more) break;
    }
    expect(all!.length).toBeGreaterThan(50);
    expect(walked).toEqual(all);
  });

  it('admits that it has not looked at all of very many matches', async () => {
    await app.call(DefineCollectionTool, { name: 'many', json_schema: { type: 'object' } });
    await store(
      'many',
      Array.from({ length: 2_001 }, (_, n) => ({ text: `thing ${n % 2}` })),
    );
    expect(await search('thing', { limit: 1 }, 'many')).toMatchObject({
      matches: 2_000,
      is_complete: false,
      has_more: true,
    });
    expect(await search('thing 1', { limit: 1 }, 'many')).toMatchObject({
      matches: 1_000,
      is_complete: true,
    });
  });

  it('refuses a query without a word, and says what is wrong', async () => {
    expect(
      await app.refusal(SearchRecordsTool, { collection: 'countries', query: ' -"" … !' }),
    ).toMatchObject({
      code: 'validation_error',
      details: { issues: [{ path: '/query', message: expect.stringContaining('word') }] },
    });
  });

  it('knows only collections of the caller', async () => {
    const asked = { collection: 'countries', query: 'europe' };
    expect(await app.refusal(SearchRecordsTool, { ...asked, collection: 'nowhere' })).toMatchObject({
      code: 'collection_not_found',
    });
    const other = { ...ANN, tenant: 'other' };
    expect(await app.refusal(SearchRecordsTool, asked, other)).toMatchObject({
      code: 'collection_not_found',
    });
    await app.call(DefineCollectionTool, { name: 'countries', json_schema: { type: 'object' } }, other);
    expect((await app.call(SearchRecordsTool, asked, other)).items).toEqual([]);
  });

  it('refuses a cursor of another search', async () => {
    const { next_cursor: cursor } = await search('europe', { limit: 1 });
    const asked = { collection: 'countries', limit: 1, cursor };
    expect(await app.refusal(SearchRecordsTool, { ...asked, query: 'asia' })).toMatchObject({
      code: 'validation_error',
      details: { issues: [{ path: '/cursor' }] },
    });
  });

  it.each([
    ['no query', { query: '' }],
    ['a long query', { query: 'x'.repeat(501) }],
  ])('refuses %s', async (_, input) => {
    await expect(app.call(SearchRecordsTool, { collection: 'countries', ...input })).rejects.toMatchObject({
      issues: [{ path: ['query'] }],
    });
  });
});
