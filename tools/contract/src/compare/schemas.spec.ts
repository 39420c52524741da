import { describe, expect, it } from '@jest/globals';
import type { Schema } from '../schema.ts';
import type { ChangeKind } from './change.ts';
import { schemaDifferences } from './schemas.ts';
import type { Side } from './side.ts';

type Row = [what: string, before: Schema, after: Schema];

/** The kinds of all differences, each once. */
function kinds(before: Schema, after: Schema, side: Side): ChangeKind[] {
  return [...new Set(schemaDifferences(before, after, { side, path: side }).map(({ kind }) => kind))];
}

const closed = (properties: Record<string, Schema>, ...required: string[]): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const text: Schema = { type: 'string' };
const nothing: Schema = { type: 'null' };

describe('fewer values: breaks who sends, and nobody who reads; more values: the other way round', () => {
  it.each<Row>([
    ['a type that had none', {}, text],
    ['fewer types', { type: ['string', 'null'] }, text],
    ['whole numbers alone', { type: 'number' }, { type: 'integer' }],
    ['only some values', text, { type: 'string', enum: ['a'] }],
    ['fewer values of an enumeration', { enum: ['a', 'b'] }, { enum: ['a'] }],
    ['one of the values', { enum: ['a', 'b'] }, { const: 'a' }],
    ['a lower maximum', { maximum: 10 }, { maximum: 9 }],
    ['a maximum', { type: 'integer' }, { type: 'integer', maximum: 9 }],
    ['a higher minimum', { minimum: 1 }, { minimum: 2 }],
    ['a minimum of 0', {}, { minimum: 0 }],
    ['a lower exclusive maximum', { exclusiveMaximum: 10 }, { exclusiveMaximum: 9 }],
    ['a higher exclusive minimum', { exclusiveMinimum: 1 }, { exclusiveMinimum: 2 }],
    ['shorter texts', { maxLength: 10 }, { maxLength: 9 }],
    ['longer texts', { minLength: 1 }, { minLength: 2 }],
    ['fewer items', { maxItems: 10 }, { maxItems: 9 }],
    ['more items', { minItems: 1 }, { minItems: 2 }],
    ['fewer properties', { maxProperties: 10 }, { maxProperties: 9 }],
    ['more properties', { minProperties: 1 }, { minProperties: 2 }],
    ['a pattern', text, { type: 'string', pattern: '^a' }],
    ['a format', text, { type: 'string', format: 'email' }],
    ['items that differ', { items: {} }, { items: {}, uniqueItems: true }],
    ['narrower items', { items: { maximum: 10 } }, { items: { maximum: 9 } }],
    ['a schema for items', { type: 'array' }, { type: 'array', items: text }],
    ['a narrower property', closed({ a: { maximum: 10 } }), closed({ a: { maximum: 9 } })],
    ['a property that is required', closed({ a: text }), closed({ a: text }, 'a')],
    ['a name that is required', { type: 'object' }, { type: 'object', required: ['a'] }],
    [
      'narrower other properties',
      { additionalProperties: { maximum: 10 } },
      { additionalProperties: { maximum: 9 } },
    ],
    ['narrower names of properties', { propertyNames: {} }, { propertyNames: { maxLength: 9 } }],
    ['one of two kinds', { anyOf: [text, nothing] }, { anyOf: [text] }],
    ['not nothing any more', { anyOf: [text, nothing] }, text],
    ['a narrower kind', { anyOf: [{ maxLength: 10 }, nothing] }, { anyOf: [{ maxLength: 9 }, nothing] }],
    ['a narrower kind, not nothing', { oneOf: [text, nothing] }, { type: 'string', maxLength: 9 }],
  ])('%s', (_what, before, after) => {
    expect(kinds(before, after, 'input')).toEqual(['breaking']);
    expect(kinds(after, before, 'input')).toEqual(['additive']);
    expect(kinds(before, after, 'output')).toEqual(['additive']);
    expect(kinds(after, before, 'output')).toEqual(['breaking']);
  });
});

describe('other values: breaks everybody', () => {
  it.each<Row>([
    ['another type', text, { type: 'integer' }],
    ['another pattern', { pattern: '^a' }, { pattern: '^b' }],
    ['another format', { format: 'email' }, { format: 'uri' }],
    ['another step', { multipleOf: 2 }, { multipleOf: 3 }],
    ['a keyword that this knows nothing of', {}, { if: text, then: { maxLength: 1 } }],
    ['a reference', { $ref: '#/$defs/a' }, { $ref: '#/$defs/b' }],
    [
      'a union with rules of its own',
      { maxLength: 3, anyOf: [{ maxLength: 5 }] },
      { maxLength: 2, anyOf: [{ maxLength: 5 }] },
    ],
  ])('%s', (_what, before, after) => {
    for (const side of ['input', 'output'] as const) {
      expect(kinds(before, after, side)).toEqual(['breaking']);
      expect(kinds(after, before, side)).toEqual(['breaking']);
    }
  });
});

describe('properties', () => {
  it.each<[...Row, Record<Side, ChangeKind>]>([
    ['a new one', closed({}), closed({ a: text }), { input: 'additive', output: 'additive' }],
    [
      'a new one that is required',
      closed({}),
      closed({ a: text }, 'a'),
      { input: 'breaking', output: 'additive' },
    ],
    ['one that is gone', closed({ a: text }), closed({}), { input: 'breaking', output: 'breaking' }],
    [
      'one that is gone where others are allowed',
      { properties: { a: text } },
      { properties: {} },
      { input: 'breaking', output: 'breaking' },
    ],
    [
      'a new one in the place of anything',
      { type: 'object' },
      { type: 'object', properties: { a: text } },
      { input: 'breaking', output: 'additive' },
    ],
    [
      'a new one that is more than others were',
      { additionalProperties: { type: 'integer' } },
      { additionalProperties: { type: 'integer' }, properties: { a: { type: 'number' } } },
      { input: 'additive', output: 'breaking' },
    ],
    [
      'others, where there were none',
      closed({}),
      { type: 'object', properties: {} },
      { input: 'additive', output: 'additive' },
    ],
    [
      'no others any more',
      { type: 'object', properties: {} },
      closed({}),
      { input: 'breaking', output: 'additive' },
    ],
    [
      'one called like something that every object has',
      closed({}),
      closed({ constructor: text }),
      { input: 'additive', output: 'additive' },
    ],
  ])('%s', (_what, before, after, expected) => {
    for (const side of ['input', 'output'] as const)
      expect(kinds(before, after, side)).toEqual([expected[side]]);
  });
});

describe('what stands beside the rules', () => {
  it.each<Row>([
    ['a description', { type: 'string', description: 'One.' }, { type: 'string', description: 'Two.' }],
    ['a title', text, { type: 'string', title: 'Text' }],
    [
      'the description of a property',
      closed({ a: text }),
      closed({ a: { type: 'string', description: 'A.' } }),
    ],
    ['the description of a union', { anyOf: [text, nothing] }, { anyOf: [text, nothing], description: 'A.' }],
    [
      'the description of a kind',
      { anyOf: [text, nothing] },
      { anyOf: [{ ...text, description: 'A.' }, nothing] },
    ],
  ])('%s is wording', (_what, before, after) => {
    for (const side of ['input', 'output'] as const) {
      expect(kinds(before, after, side)).toEqual(['wording']);
      expect(kinds(after, before, side)).toEqual(['wording']);
    }
  });

  it.each<[string, unknown, unknown, ChangeKind]>([
    ['another one', 20, 50, 'breaking'],
    ['none any more', 20, undefined, 'breaking'],
    ['one where none was said', undefined, 20, 'additive'],
  ])('a default, %s, matters to who leaves the value out', (_what, before, after, kind) => {
    const [was, is] = [before, after].map((value) => ({
      type: 'integer',
      ...(value !== undefined && { default: value }),
    }));
    expect(kinds(was!, is!, 'input')).toEqual([kind]);
    expect(kinds(was!, is!, 'output')).toEqual([]);
  });
});

describe('no difference', () => {
  it.each<Row>([
    ['the same in another order', { anyOf: [text, nothing] }, { anyOf: [nothing, text] }],
    ['one value as an enumeration', { const: 'a' }, { enum: ['a'] }],
    [
      'bounds beyond which numbers are not exact',
      { type: 'integer' },
      { type: 'integer', minimum: -(2 ** 53 - 1), maximum: 2 ** 53 - 1 },
    ],
    ['anything, said or not', { type: 'array' }, { type: 'array', items: true }],
    ['a union of one', text, { anyOf: [text] }],
    ['the name of the dialect', text, { ...text, $schema: 'https://json-schema.org/draft/2020-12/schema' }],
  ])('%s', (_what, before, after) => {
    for (const side of ['input', 'output'] as const) {
      expect(kinds(before, after, side)).toEqual([]);
      expect(kinds(after, before, side)).toEqual([]);
    }
  });
});

describe('a difference', () => {
  it('says where it is, and what was and is', () => {
    const lines = (maximum: number) =>
      closed({ lines: { type: 'array', items: closed({ quantity: { maximum } }) } });
    expect(schemaDifferences(lines(10), lines(5), { side: 'input', path: 'input' })).toEqual([
      { kind: 'breaking', what: 'input.lines[].quantity: maximum is 5, was 10' },
    ]);
  });

  it('is told once for each thing that differs', () => {
    const before = closed({ a: text, b: { enum: ['x', 'y'] }, c: { anyOf: [text, nothing] } });
    const after = closed({
      a: { type: 'integer' },
      b: { enum: ['x', 'z'] },
      c: { anyOf: [text, { type: 'boolean' }, { type: 'array' }] },
    });
    expect(
      schemaDifferences(before, after, { side: 'input', path: 'input' }).map(
        ({ kind, what }) => `${kind} ${what}`,
      ),
    ).toEqual([
      'breaking input.a: is integer, was string',
      'breaking input.b: can no longer be y',
      'additive input.b: can be z now',
      'breaking input.c: is boolean, was null',
      'additive input.c: can be array now',
    ]);
  });
});
