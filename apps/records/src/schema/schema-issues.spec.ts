import { describe, expect, it, jest } from '@jest/globals';
import { Script } from 'node:vm';
import type { JsonObject } from '../domain/json.ts';
import { patternCost } from './pattern-cost.ts';
import { schemaIssues } from './schema-issues.ts';
import { PATTERN_BUDGET } from './schema-patterns.ts';

describe('schemaIssues', () => {
  it.each<[string, JsonObject, string, string]>([
    ['another root type', { type: 'array' }, '/type', 'must be "object"'],
    ['no root type', {}, '/type', 'must be "object"'],
    ['a wrong value', { properties: { a: { type: 'strin' } } }, '/properties/a/type', ''],
    [
      'a misspelt keyword',
      { properties: { a: { minLenght: 1 } } },
      '/properties/a/minLenght',
      'not a keyword',
    ],
    [
      'a keyword of OpenAPI',
      { properties: { a: { type: 'string', nullable: true } } },
      '/properties/a/nullable',
      'not a keyword',
    ],
    ['an unknown format', { properties: { a: { format: 'colour' } } }, '/properties/a/format', 'date-time'],
    [
      'a remote reference',
      { properties: { a: { $ref: 'https://example.com/s.json' } } },
      '/properties/a/$ref',
      'local',
    ],
    ['a relative reference', { properties: { a: { $ref: 'other.json#/a' } } }, '/properties/a/$ref', 'local'],
    [
      'a reference to nothing',
      { properties: { a: { $ref: '#/$defs/b' } } },
      '/properties/a/$ref',
      'refers to no schema',
    ],
    [
      'a reference to no schema',
      { properties: { a: { $ref: '#/title' } }, title: 'x' },
      '/properties/a/$ref',
      'refers to no schema',
    ],
    [
      'a malformed reference',
      { properties: { a: { $ref: '#/%E0%A4%A' } } },
      '/properties/a/$ref',
      'refers to no schema',
    ],
    ['$id', { $id: 'https://example.com' }, '/$id', 'not supported'],
    [
      '$dynamicRef',
      { properties: { a: { $dynamicRef: '#b' } } },
      '/properties/a/$dynamicRef',
      'not supported',
    ],
    ['$anchor', { $defs: { a: { $anchor: 'a' } } }, '/$defs/a/$anchor', 'not supported'],
    ['another dialect', { $schema: 'http://json-schema.org/draft-07/schema#' }, '/$schema', '2020-12'],
    [
      'a pattern with look-ahead',
      { properties: { a: { pattern: '^(?=x)' } } },
      '/properties/a/pattern',
      'look-around',
    ],
    [
      'a pattern with a back-reference',
      { properties: { a: { pattern: '(a)\\1' } } },
      '/properties/a/pattern',
      'back-references',
    ],
    [
      'a pattern with a named one',
      { properties: { a: { pattern: '(?<n>a)\\k<n>' } } },
      '/properties/a/pattern',
      'back-references',
    ],
    [
      'a pattern that explodes',
      { properties: { a: { pattern: '((a{100}){100}){100}' } } },
      '/properties/a/pattern',
      '',
    ],
    [
      'a property name pattern',
      { patternProperties: { '(': {} } },
      '/patternProperties/(',
      'regular expression',
    ],
    ['if alone', { if: { required: ['a'] } }, '/if', '"then" or "else"'],
    ['then alone', { allOf: [{ then: {} }] }, '/allOf/0/then', '"if"'],
    ['recursion without end', { $ref: '#' }, '', 'without end'],
    ['a tuple of before 2020', { properties: { a: { items: [{}] } } }, '/properties/a/items', ''],
    ['__proto__', JSON.parse('{"properties":{"__proto__":{}}}') as JsonObject, '/properties', '__proto__'],
  ])('refuses %s', (_, keywords, path, message) => {
    const schema = _.includes('root type') ? keywords : { type: 'object', ...keywords };
    expect(schemaIssues(schema)).toContainEqual({ path, message: expect.stringContaining(message) });
  });

  it('refuses what is too large or too deep', () => {
    expect(schemaIssues({ type: 'object', description: 'x'.repeat(33_000) })).toEqual([
      { path: '', message: expect.stringContaining('32768') },
    ]);
    let deep: JsonObject = {};
    for (let i = 0; i < 100_000; i++) deep = { not: deep };
    expect(schemaIssues(deep)).toEqual([{ path: '/not'.repeat(16), message: 'is nested too deeply' }]);
  });

  it('refuses patterns that are too large together, from the first that is too much', () => {
    const patterns = (count: number, size: number): JsonObject => {
      const properties = Array.from({ length: count }, (_, i) => [
        `p${i}`,
        { pattern: `^\\w{${size}}${i}$` },
      ]);
      return { type: 'object', properties: Object.fromEntries(properties) as JsonObject };
    };
    const one = patternCost('^\\w{900}0$');
    const enough = Math.floor(PATTERN_BUDGET / one);
    expect(schemaIssues(patterns(enough, 900))).toEqual([]);
    expect(schemaIssues(patterns(400, 900))).toEqual([
      {
        path: `/properties/p${enough}/pattern`,
        message: expect.stringContaining('makes the patterns too large'),
      },
    ]);
  });

  it('counts a pattern once, however often it is used', () => {
    const properties = Object.fromEntries(
      Array.from({ length: 500 }, (_, i) => [`p${i}`, { pattern: '^\\w{1,900}$' }]),
    );
    expect(schemaIssues({ type: 'object', properties })).toEqual([]);
  });

  it.each(['(\\w{999}){999}', '((a{100}){100}){100}', `(?:${'a'.repeat(30_000)}){1000}`])(
    'does not try to compile a pattern that is too large by itself: %#',
    (pattern) => {
      expect(schemaIssues({ type: 'object', patternProperties: { [pattern]: {} } })).toEqual([
        { path: `/patternProperties/${pattern}`, message: expect.stringContaining('too large') },
      ]);
    },
  );

  it('does not take running out of time for a flaw of the schema', () => {
    const runInContext = jest.spyOn(Script.prototype, 'runInContext').mockImplementation(() => {
      throw Object.assign(new Error('timed out'), { code: 'ERR_SCRIPT_EXECUTION_TIMEOUT' });
    });
    try {
      expect(() => schemaIssues({ type: 'object' })).toThrow(
        expect.objectContaining({ code: 'schema_too_costly', retryable: true, isFinal: false }),
      );
    } finally {
      runInContext.mockRestore();
    }
  });

  it('takes names that look like keywords for names', () => {
    const properties = {
      $ref: { type: 'string' },
      nonsense: { const: { $ref: 'http://x' } },
      pattern: { enum: [{ pattern: '(' }] },
    };
    expect(schemaIssues({ type: 'object', properties, default: { $id: 1 } })).toEqual([]);
  });

  it('takes the vocabulary of 2020-12', () => {
    const schema: JsonObject = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $comment: 'c',
      type: 'object',
      properties: {
        list: {
          type: 'array',
          prefixItems: [{ type: 'string' }, true],
          items: false,
          contains: { const: 1 },
          minContains: 1,
        },
        either: {
          anyOf: [{ type: ['string', 'null'] }, { not: { type: 'number' } }],
          deprecated: true,
          examples: [1],
        },
      },
      patternProperties: { '^x-': { type: 'string', format: 'uri' } },
      propertyNames: { maxLength: 10 },
      dependentSchemas: { list: { required: ['either'] } },
      if: { required: ['list'] },
      then: { minProperties: 2 },
      unevaluatedProperties: false,
    };
    expect(schemaIssues(schema)).toEqual([]);
  });
});
