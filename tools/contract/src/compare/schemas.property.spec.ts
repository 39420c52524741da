import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import type { Schema } from '../schema.ts';
import { schemaDifferences } from './schemas.ts';
import type { Side } from './side.ts';

/** A small world, so that what is drawn often says something about the same things. */
const NAMES = ['a', 'b'];
const bound = fc.integer({ min: 0, max: 3 });
const some = (arbitraries: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record(arbitraries, { requiredKeys: [] });

const { schema } = fc.letrec<{ schema: Schema }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3, depthSize: 'small', withCrossShrink: true },
    some({ minLength: bound, maxLength: bound, default: fc.constant('x') }).map((rules) => ({
      type: 'string',
      ...rules,
    })),
    some({ minimum: bound, maximum: bound, exclusiveMinimum: bound }).map((rules) => ({
      type: 'integer',
      ...rules,
    })),
    some({ minimum: bound, maximum: bound }).map((rules) => ({ type: 'number', ...rules })),
    fc.constantFrom<Schema>({}, { type: 'boolean' }, { type: 'null' }, { const: 'x' }),
    fc.subarray(['', 'x', 'xx', 1], { minLength: 1 }).map((values) => ({ enum: values })),
    some({ items: tie('schema'), minItems: bound, maxItems: bound }).map((rules) => ({
      type: 'array',
      ...rules,
    })),
    objects(tie('schema')),
    fc.array(tie('schema'), { minLength: 1, maxLength: 2 }).map((anyOf) => ({ anyOf })),
  ),
}));

function objects(part: fc.Arbitrary<Schema>): fc.Arbitrary<Schema> {
  return fc
    .record({
      properties: some(Object.fromEntries(NAMES.map((name) => [name, part]))),
      isStrict: fc.boolean(),
      rest: part,
      required: fc.subarray(NAMES),
    })
    .map(({ properties, isStrict, rest, required }) => ({
      type: 'object',
      properties: properties as Record<string, Schema>,
      required: required.filter((name) => name in properties),
      additionalProperties: isStrict ? false : rest,
    }));
}

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constantFrom<unknown>('', 'x', 'xx', 'xxx', 'xxxx', 0, 1, 2, 3, 4, -1, 1.5, true, null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...NAMES, 'c'), tie('value'), { maxKeys: 3 }),
  ),
}));
const VALUES = fc.sample(value, { numRuns: 400, seed: 1 });

/** What a schema of this small world allows, found by looking at a value and not at other schemas. */
function allows(rules: Schema | boolean | undefined, one: unknown): boolean {
  if (typeof rules === 'boolean' || rules === undefined) return rules ?? true;
  const { type, anyOf, items, properties = {}, required = [], additionalProperties } = rules;
  const { minimum, maximum, exclusiveMinimum, minLength, maxLength, minItems, maxItems } = rules as Record<
    string,
    number
  >;
  if (anyOf && !anyOf.some((part) => allows(part, one))) return false;
  if ('const' in rules && rules['const'] !== one) return false;
  if (rules.enum && !rules.enum.includes(one)) return false;
  if (type !== undefined && !isA(String(type), one)) return false;
  if (typeof one === 'string') return within(one.length, minLength, maxLength);
  if (typeof one === 'number') return within(one, minimum, maximum) && one > (exclusiveMinimum ?? -Infinity);
  if (Array.isArray(one))
    return within(one.length, minItems, maxItems) && one.every((item) => allows(items, item));
  if (!isA('object', one)) return true;
  const entries = Object.entries(one as object);
  return (
    required.every((name) => Object.hasOwn(one as object, name)) &&
    entries.every(([name, part]) =>
      allows(name in properties ? properties[name] : additionalProperties, part),
    )
  );
}

function isA(type: string, one: unknown): boolean {
  if (type === 'integer') return Number.isInteger(one);
  if (type === 'array') return Array.isArray(one);
  if (type === 'null') return one === null;
  if (type === 'object') return typeof one === 'object' && one !== null && !Array.isArray(one);
  return typeof one === type;
}

function within(size: number, least = -Infinity, most = Infinity): boolean {
  return size >= least && size <= most;
}

/** As readers take it: they do not mind properties that they do not know. */
function opened(rules: Schema): Schema {
  return JSON.parse(JSON.stringify(rules), (key, part: unknown) =>
    key === 'additionalProperties' && part === false ? true : part,
  ) as Schema;
}

const breaks = (before: Schema, after: Schema, side: Side) =>
  schemaDifferences(before, after, { side, path: '' }).some(({ kind }) => kind === 'breaking');

describe('any schema', () => {
  it('does not differ from itself, however it is compared', () => {
    fc.assert(
      fc.property(schema, fc.constantFrom<Side>('input', 'output'), (one, side) => {
        const copy = JSON.parse(JSON.stringify(one)) as Schema;
        return schemaDifferences(one, copy, { side, path: '' }).length === 0;
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('any two schemas between which nothing breaks', () => {
  const runs = { numRuns: 200, maxSkipsPerRun: 1_000 };

  it('of input: all that could be sent still can be', () => {
    fc.assert(
      fc.property(schema, schema, (before, after) => {
        fc.pre(!breaks(before, after, 'input'));
        return VALUES.every((one) => !allows(before, one) || allows(after, one));
      }),
      runs,
    );
  });

  it('of output: all that can be read could have been, but for new properties', () => {
    fc.assert(
      fc.property(schema, schema, (before, after) => {
        fc.pre(!breaks(before, after, 'output'));
        return VALUES.every((one) => !allows(after, one) || allows(opened(before), one));
      }),
      runs,
    );
  });
});
