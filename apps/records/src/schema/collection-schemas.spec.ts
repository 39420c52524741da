import { Config } from '@gantry/config';
import { describe, expect, it } from '@jest/globals';
import type { Collection } from '../domain/collection.ts';
import { recordsSettings } from '../records.config.ts';
import { CollectionSchemas, MAX_WEIGHT } from './collection-schemas.ts';

function collection(name: string, version: number, type: string): Collection {
  const jsonSchema = { type: 'object', properties: { a: { type } } };
  return {
    name,
    version,
    title: null,
    description: null,
    jsonSchema,
    indexedFields: [],
    createdAt: '',
    updatedAt: '',
  };
}

const schemasFor = (capacity: string) =>
  new CollectionSchemas(Config.of([recordsSettings], { MCP_RECORDS_COMPILED_SCHEMAS: capacity }));

describe('CollectionSchemas', () => {
  it('keeps collections, versions and tenants apart', () => {
    const schemas = schemasFor('10');
    const checks = [
      schemas.checkOf('acme', collection('a', 1, 'string')),
      schemas.checkOf('acme', collection('a', 2, 'number')),
      schemas.checkOf('acme', collection('b', 1, 'boolean')),
      schemas.checkOf('other', collection('a', 1, 'array')),
    ];
    expect(checks.map((check) => check({ a: null })[0]?.message)).toEqual([
      'must be string',
      'must be number',
      'must be boolean',
      'must be array',
    ]);
  });

  it('compiles once, and again only what has not been used for long', () => {
    const schemas = schemasFor('2');
    const [a, b, c] = ['a', 'b', 'c'].map((name) => collection(name, 1, 'string')) as [
      Collection,
      Collection,
      Collection,
    ];
    const first = schemas.checkOf('acme', a);
    const second = schemas.checkOf('acme', b);
    expect(schemas.checkOf('acme', a)).toBe(first);
    schemas.checkOf('acme', c);
    expect(schemas.checkOf('acme', a)).toBe(first);
    expect(schemas.checkOf('acme', b)).not.toBe(second);
  });

  it('keeps fewer where they are heavy', () => {
    const schemas = schemasFor('10000');
    const heavy = (name: string): Collection => {
      const jsonSchema = { type: 'object', description: 'x'.repeat(20_000), pattern: '\\w{999}' };
      return { ...collection(name, 1, 'string'), jsonSchema };
    };
    const light = collection('light', 1, 'string');
    const [first, second] = [schemas.checkOf('acme', heavy('first')), schemas.checkOf('acme', light)];
    const fitting = Math.floor(MAX_WEIGHT / first.weight);
    for (let i = 0; i < fitting; i++) schemas.checkOf('acme', heavy(`other-${i}`));
    expect(schemas.checkOf('acme', light)).toBe(second);
    expect(first.weight).toBeGreaterThan(21_000);
    expect(schemas.checkOf('acme', heavy('first'))).not.toBe(first);
    expect(schemas.checkOf('acme', light)).toBe(second);
  });
});
