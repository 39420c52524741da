import type { Random } from './random.ts';

/** The part of JSON Schema that tool inputs use. */
export interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** Values that exist in a service, by the name of the property that takes them: ids, names, contents of files. */
export type Vocabulary = Readonly<Record<string, readonly unknown[]>>;

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
/** Of TypeIDs: Crockford's, in lower case. */
const BASE32 = '0123456789abcdefghjkmnpqrstvwxyz';
/** Tried in turn where a schema has a pattern and the vocabulary has nothing. */
const CANDIDATES = [
  'things',
  'EUR',
  'pm_card_visa',
  'ada@example.com',
  'name',
  '2026-01-01T00:00:00Z',
  'key-12345678',
];
/** How often what exists is used, where something is known to. */
const KNOWN = 0.9;
const OPTIONAL = 0.4;

/** Arguments that a schema allows, and that as a rule get through to the database. */
export function validArguments(schema: Schema, random: Random, known: Vocabulary): Record<string, unknown> {
  return validObject(schema, random, known);
}

/** A value that a schema allows. */
export function validValue(schema: Schema, random: Random, known: Vocabulary, name = ''): unknown {
  const values = known[name];
  // A copy: what is made of it is changed, and the next input must begin with the same.
  if (values && random.chance(KNOWN)) return structuredClone(random.pick(values));
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return random.pick(schema.enum);
  if (schema.anyOf) return validValue(random.pick(schema.anyOf), random, known);
  switch (schema.type) {
    case 'string':
      return validText(schema, random, name);
    case 'integer':
      return random.between(...range(schema, random));
    case 'number':
      return random.pick([0, 1, 1.5, -2, 1e6]);
    case 'boolean':
      return random.chance(0.5);
    case 'array': {
      const { minItems = 0, maxItems = 4, items = {} } = schema;
      const length = random.between(minItems, Math.min(maxItems, Math.max(minItems, 3)));
      return Array.from({ length }, () => validValue(items, random, known, name));
    }
    case 'object':
      return validObject(schema, random, known);
    default:
      return null;
  }
}

/** A well-formed id of this prefix that nothing has. */
export function unusedId(prefix: string, random: Random): string {
  return `${prefix}_0${random.text(25, BASE32)}`;
}

function validObject(schema: Schema, random: Random, known: Vocabulary): Record<string, unknown> {
  const { properties = {}, required = [] } = schema;
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([name]) => required.includes(name) || random.chance(OPTIONAL))
      .map(([name, property]) => [name, validValue(property, random, known, name)]),
  );
}

function validText({ pattern, minLength = 0, maxLength = 30 }: Schema, random: Random, name: string): string {
  // Nobody means the same thing twice by chance.
  if (name === 'idempotency_key') return `key-${random.text(20, LETTERS)}`;
  if (pattern === undefined) {
    const length = random.between(Math.max(1, minLength), Math.max(minLength, Math.min(maxLength, 30)));
    return random.text(length, `${LETTERS} `).replace(/^ | $/g, 'x');
  }
  const prefix = /^\^([a-z]+)_\[0-7\]/.exec(pattern)?.[1];
  if (prefix) return unusedId(prefix, random);
  const fits = CANDIDATES.find((candidate) => new RegExp(pattern, 'u').test(candidate));
  if (fits === undefined) throw new Error(`No value is known for ${name}, which must match ${pattern}.`);
  return fits;
}

/** Small numbers as a rule: larger ones say no more, and stock and pages end. */
function range({ minimum = 0, maximum = 100 }: Schema, random: Random): [number, number] {
  if (random.chance(0.05)) return [minimum, maximum];
  return [Math.max(minimum, 0), Math.max(minimum, Math.min(maximum, 20))];
}
