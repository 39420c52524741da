import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startRecords, type RecordsApp } from '../../test/records-app.ts';
import { CollectionStore } from './collection.store.ts';

const tenant = 'acme';
const content = {
  title: 'Things',
  description: null,
  jsonSchema: { type: 'object', properties: { b: { const: "it's" }, a: {} } },
  indexedFields: [{ field: 'a', type: 'string' as const, slot: 1 }],
};

let app: RecordsApp;
let store: CollectionStore;

beforeAll(async () => {
  app = await startRecords();
  store = app.get(CollectionStore);
  await app.database.write({ tenant }, async () => {
    for (const name of ['c', 'a', 'b']) await store.insert(name, content);
  });
});
afterAll(() => app.stop());

describe('CollectionStore', () => {
  it('gives back what was stored', async () => {
    const found = await app.database.read({ tenant }, () => store.find('a'));
    expect(found).toEqual({
      name: 'a',
      version: 1,
      ...content,
      createdAt: expect.stringMatching(/^20.*Z$/),
      updatedAt: expect.stringMatching(/^20.*Z$/),
    });
    expect(Object.keys(found?.jsonSchema['properties'] as object)).toEqual(['b', 'a']);
  });

  it('makes no second one of the same name', async () => {
    expect(
      await app.database.write({ tenant }, () => store.insert('a', { ...content, title: 'Other' })),
    ).toBeUndefined();
  });

  it('counts versions', async () => {
    const updated = await app.database.write({ tenant }, () =>
      store.update('c', { ...content, title: null, indexedFields: [] }),
    );
    expect(updated).toMatchObject({ name: 'c', version: 2, title: null, indexedFields: [] });
    expect(updated.updatedAt > updated.createdAt).toBe(true);
  });

  it('lists by name, from a name on, or one alone', async () => {
    const list = (name?: string, after?: string, limit = 10) =>
      app.database.read({ tenant }, async () =>
        (await store.list({ name, after, limit })).map((found) => found.name),
      );
    expect(await list()).toEqual(['a', 'b', 'c']);
    expect(await list(undefined, 'a', 1)).toEqual(['b']);
    expect(await list('b')).toEqual(['b']);
    expect(await list('b', 'b')).toEqual([]);
  });

  it('shows a tenant nothing of another, and lets it use the same names', async () => {
    const theirs = await app.database.write({ tenant: 'other' }, async () => {
      const before = await store.find('a');
      const inserted = await store.insert('a', content);
      return {
        before,
        version: inserted?.version,
        all: await store.list({ name: undefined, after: undefined, limit: 10 }),
      };
    });
    expect(theirs).toMatchObject({ before: undefined, version: 1, all: [{ name: 'a' }] });
  });
});
