import { describe, expect, it } from '@jest/globals';
import { defined, redefined, type Collection } from './collection.ts';

const schema = { type: 'object', properties: { a: { type: 'string' } } };
const current: Collection = {
  name: 'things',
  version: 3,
  title: 'Things',
  description: null,
  jsonSchema: schema,
  indexedFields: [{ field: 'a', type: 'string', slot: 1 }],
  createdAt: '2026-01-01T00:00:00.000000Z',
  updatedAt: '2026-01-01T00:00:00.000000Z',
};

describe('defined', () => {
  it('leaves empty what is not said', () => {
    expect(defined({ name: 'things', jsonSchema: schema })).toEqual({
      title: null,
      description: null,
      jsonSchema: schema,
      indexedFields: [],
    });
  });
});

describe('redefined', () => {
  it('is nothing if the definition says what is there already', () => {
    expect(
      redefined(current, { name: 'things', jsonSchema: { properties: schema.properties, type: 'object' } }),
    ).toBeUndefined();
    expect(
      redefined(current, {
        name: 'things',
        title: 'Things',
        jsonSchema: schema,
        indexedFields: [{ field: 'a', type: 'string' }],
      }),
    ).toBeUndefined();
  });

  it('touches no record for a new title', () => {
    expect(redefined(current, { name: 'things', title: 'Other', jsonSchema: schema })).toEqual({
      content: {
        title: 'Other',
        description: null,
        jsonSchema: schema,
        indexedFields: current.indexedFields,
      },
      recheck: false,
      refile: false,
    });
  });

  it('checks records again for a new schema', () => {
    expect(redefined(current, { name: 'things', jsonSchema: { type: 'object' } })).toMatchObject({
      recheck: true,
      refile: false,
    });
  });

  it('files records again for other indexed fields', () => {
    expect(redefined(current, { name: 'things', jsonSchema: schema, indexedFields: [] })).toMatchObject({
      content: { indexedFields: [] },
      recheck: false,
      refile: true,
    });
  });
});
