import { describe, expect, it } from '@jest/globals';
import type { Schema } from '../schema.ts';
import { boundsOf, fieldsOf, typeOf } from './fields.ts';

const text: Schema = { type: 'string' };

describe('typeOf', () => {
  it.each<[Schema, string]>([
    [text, 'string'],
    [{}, 'anything'],
    [{ type: ['string', 'null'] }, 'string or null'],
    [{ anyOf: [text, { type: 'null' }] }, 'string or null'],
    [{ enum: ['a', 'b'] }, '`a`, `b`'],
    [{ const: true }, '`true`'],
    [{ type: 'string', format: 'uri' }, 'URL'],
    [{ type: 'array', items: text }, 'list of string'],
    [{ type: 'array' }, 'list of anything'],
    [{ type: 'object', additionalProperties: text }, 'map of string'],
    [{ type: 'object', additionalProperties: {} }, 'object'],
    [{ type: 'object', additionalProperties: false }, 'object'],
    [{ maxLength: 3, anyOf: [{ type: 'string', maxLength: 5 }] }, 'anything'],
  ])('%j is %s', (schema, type) => {
    expect(typeOf(schema)).toBe(type);
  });
});

describe('boundsOf', () => {
  it.each<[Schema, string]>([
    [text, ''],
    [{ minimum: 1, maximum: 1_000 }, '1 to 1,000'],
    [{ minimum: 0, maximum: 5 }, 'at most 5'],
    [{ minimum: 0 }, ''],
    [{ minimum: 3 }, 'at least 3'],
    [{ exclusiveMinimum: 0, maximum: 9 }, 'at most 9, more than 0'],
    [{ exclusiveMaximum: 9 }, 'less than 9'],
    [{ minLength: 1 }, 'not empty'],
    [{ minLength: 4, maxLength: 4 }, '4 characters'],
    [{ type: 'array', maxItems: 2, items: { maxLength: 9 } }, 'at most 2 items, each at most 9 characters'],
    [{ minProperties: 2 }, 'at least 2 properties'],
    [{ format: 'email', pattern: 'a|b' }, 'email, `a\\|b`'],
    [{ anyOf: [{ type: 'string', maxLength: 9 }, { type: 'null' }] }, 'at most 9 characters'],
  ])('%j: %s', (schema, bounds) => {
    expect(boundsOf(schema)).toBe(bounds);
  });
});

describe('fieldsOf', () => {
  it('finds what is nested, each under the path by which it is reached', () => {
    const line: Schema = { type: 'object', properties: { sku: text }, required: ['sku'] };
    const fields = fieldsOf({
      type: 'object',
      properties: {
        id: { type: 'string', description: 'Which.' },
        lines: { type: 'array', items: line },
        address: { anyOf: [{ type: 'object', properties: { city: text } }, { type: 'null' }] },
        byName: { type: 'object', additionalProperties: line },
        limit: { type: 'integer', default: 20 },
      },
      required: ['id'],
    });
    expect(fields.map(({ path }) => path)).toEqual([
      'id',
      'lines',
      'lines[].sku',
      'address',
      'address.city',
      'byName',
      'byName.*.sku',
      'limit',
    ]);
    expect(fields[0]).toMatchObject({ type: 'string', required: true, description: 'Which.' });
    expect(fields[2]).toMatchObject({ required: true });
    expect(fields.at(-1)).toMatchObject({ required: false, default: 20 });
  });

  it('tells a field once that several kinds of an object have', () => {
    const kinds = ['a', 'b'].map((kind): Schema => ({
      type: 'object',
      properties: { kind: { const: kind }, [kind]: text },
    }));
    const paths = fieldsOf({ properties: { thing: { oneOf: kinds } } }).map(({ path }) => path);
    expect(paths).toEqual(['thing', 'thing.kind', 'thing.a', 'thing.b']);
  });
});
