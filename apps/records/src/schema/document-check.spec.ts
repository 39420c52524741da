import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../domain/json.ts';
import { compileCheck } from './document-check.ts';
import { schemaIssues } from './schema-issues.ts';

const person: JsonObject = {
  type: 'object',
  properties: {
    name: { type: 'string', pattern: '^\\p{Lu}' },
    code: { type: 'string', pattern: '^[A-Z]{3}$' },
    age: { type: 'integer', minimum: 0 },
    born: { type: 'string', format: 'date-time' },
    role: { enum: ['admin', 'user'] },
    tags: { type: 'array', items: { type: 'string', maxLength: 3 } },
  },
  required: ['name'],
  additionalProperties: false,
};

describe('compileCheck', () => {
  const check = compileCheck(person);

  it('has nothing to say about a document that fits', () => {
    expect(
      check({
        name: 'Ada',
        code: 'ABC',
        age: 36,
        born: '1815-12-10T00:00:00Z',
        role: 'user',
        tags: ['a', 'b'],
      }),
    ).toEqual([]);
  });

  it('points at every field that does not fit', () => {
    expect(
      check({
        age: -1,
        born: 'yesterday',
        role: 'king',
        tags: ['long one', 'b'],
        'a/b~c': 1,
        code: 'abc',
      }),
    ).toEqual(
      expect.arrayContaining([
        { path: '/name', message: 'is required' },
        { path: '/age', message: 'must be >= 0' },
        { path: '/born', message: 'must match format "date-time"' },
        { path: '/role', message: 'must be one of ["admin","user"]' },
        { path: '/tags/0', message: 'must NOT have more than 3 characters' },
        { path: '/a~1b~0c', message: 'is not a property of the schema' },
        { path: '/code', message: 'must match pattern "^[A-Z]{3}$"' },
      ]),
    );
  });

  it.each<[string, JsonObject, JsonObject, string, string]>([
    ['const', { properties: { a: { const: { x: 1 } } } }, { a: 1 }, '/a', 'must be {"x":1}'],
    [
      'uniqueItems',
      { properties: { a: { uniqueItems: true } } },
      { a: [1, {}, {}] },
      '/a',
      'must NOT have duplicate items (items ## 1 and 2 are identical)',
    ],
    ['false', { properties: { a: false } }, { a: 1 }, '/a', 'must not be there'],
    [
      'dependentRequired',
      { dependentRequired: { a: ['b'] } },
      { a: 1 },
      '/b',
      'is required when "a" is there',
    ],
    [
      'unevaluatedProperties',
      { unevaluatedProperties: false },
      { a: 1 },
      '/a',
      'is not a property of the schema',
    ],
    [
      '$ref',
      { $defs: { n: { type: 'number' } }, properties: { a: { $ref: '#/$defs/n' } } },
      { a: '' },
      '/a',
      'must be number',
    ],
    [
      '$ref with escapes',
      { $defs: { 'a/b c': { type: 'number' } }, properties: { a: { $ref: '#/$defs/a~1b%20c' } } },
      { a: '' },
      '/a',
      'must be number',
    ],
    [
      'recursion',
      { properties: { next: { $ref: '#' }, v: { type: 'number' } } },
      { next: { next: { v: '' } } },
      '/next/next/v',
      'must be number',
    ],
    ['names of Object.prototype', { required: ['constructor'] }, {}, '/constructor', 'is required'],
  ])('explains %s', (_, keywords, document, path, message) => {
    const schema = { type: 'object', ...keywords };
    expect(schemaIssues(schema)).toEqual([]);
    expect(compileCheck(schema)(document)).toContainEqual({ path, message });
  });

  it('does not take what Object.prototype has for properties of the document', () => {
    const strict = compileCheck({
      type: 'object',
      properties: { constructor: { type: 'string' }, toString: { type: 'string' } },
    });
    expect(strict({})).toEqual([]);
    expect(strict({ constructor: 1 })).toEqual([{ path: '/constructor', message: 'must be string' }]);
  });

  it('shortens messages that quote a long schema', () => {
    const [issue] = compileCheck({ type: 'object', properties: { a: { const: 'x'.repeat(10_000) } } })({
      a: 1,
    });
    expect(issue?.message.length).toBeLessThan(250);
  });

  it('keeps patterns apart, and matches none of them by backtracking', () => {
    const evil = compileCheck({
      type: 'object',
      properties: { a: { pattern: '^(a+)+$' }, b: { pattern: '^(b|b)*$' } },
    });
    // Long enough never to end by backtracking, and short enough to be done at once on a machine that is busy.
    const bait = 'a'.repeat(2_000) + '!';
    expect(evil({ a: bait, b: 'bbb' })).toEqual([{ path: '/a', message: 'must match pattern "^(a+)+$"' }]);
    expect(evil({ a: 'aaa', b: bait })).toEqual([{ path: '/b', message: 'must match pattern "^(b|b)*$"' }]);
  });

  it('stops a check that would take for ever, and goes on working', () => {
    const definitions = Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => [
        `d${i}`,
        { allOf: [{ $ref: `#/$defs/d${i + 1}` }, { $ref: `#/$defs/d${i + 1}` }] },
      ]),
    );
    const bomb = {
      type: 'object',
      properties: { a: { $ref: '#/$defs/d0' } },
      $defs: { ...definitions, d60: { type: 'number' } },
    };
    expect(schemaIssues(bomb)).toEqual([]);
    const check = compileCheck(bomb);
    expect(() => check({ a: 1 })).toThrow(expect.objectContaining({ code: 'schema_too_costly' }));
    expect(check({ b: 1 })).toEqual([]);
    expect(check({ a: 'x' })).toEqual([{ path: '/a', message: 'must be number' }]);
  });

  it('stops looking for unequal items in long arrays', () => {
    const check = compileCheck({ type: 'object', properties: { a: { type: 'array', uniqueItems: true } } });
    expect(() => check({ a: Array.from({ length: 60_000 }, (_, i) => [i]) })).toThrow(
      expect.objectContaining({ code: 'schema_too_costly' }),
    );
  });

  it('names the first misfit where there are too many to list in time', () => {
    const check = compileCheck({
      type: 'object',
      properties: { a: { items: { allOf: Array.from({ length: 800 }, () => ({ type: 'string' })) } } },
    });
    const issues = check({ a: Array.from({ length: 60_000 }, () => 1) });
    expect(issues).toEqual([{ path: '/a/0', message: 'must be string' }]);
    expect(check({ a: [1] })).toHaveLength(100);
  });
});
