import {
  hostileText,
  hostileValue,
  NUMBER_TEXTS,
  nested,
  rawJson,
  setOwn,
  UNICODE,
} from './hostile-values.ts';
import { PROTOTYPE_NAMES } from './hostile-values.ts';
import type { Random } from './random.ts';
import type { Schema } from './valid.ts';

/** A value in arguments: what holds it, under which name, and what its schema says. */
interface Place {
  readonly holder: object;
  readonly name: string;
  readonly schema: Schema;
}

/** What was changed, and the text of the arguments afterwards. */
export interface Mutation {
  readonly what: string;
  readonly args: Record<string, unknown>;
  /** In place of the JSON of `args`. */
  readonly text?: string;
}

type Change = (place: Place, random: Random) => unknown;

/** Each leaves arguments that are right but for one thing. */
const CHANGES: Readonly<Record<string, Change>> = {
  'wrong type': (place, random) => random.pick(otherTypes(valueAt(place))),
  missing: () => undefined,
  boundary: ({ schema }, random) => random.pick(boundaries(schema)),
  huge: (_place, random) => 'x'.repeat(random.pick([2_000, 20_000, 200_000])),
  'odd number': (_place, random) => rawJson(random.pick(NUMBER_TEXTS)),
  'not a number': (_place, random) => random.pick(['NaN', 'Infinity', '-Infinity', '0x10', '1_000', '１２']),
  nested: (_place, random) => nested(random.between(10, 80)),
  unicode: (place, random) => `${String(valueAt(place))}${random.pick(UNICODE)}`,
  hostile: (_place, random) => hostileText(random),
  anything: (_place, random) => hostileValue(random),
};

/** Changes one thing about valid arguments, which are changed in place. */
export function mutate(args: Record<string, unknown>, schema: Schema, random: Random): Mutation {
  const places = placesIn(args, schema);
  if (places.length === 0 || random.chance(0.1)) return extra(args, random);
  if (random.chance(0.05)) return doubled(args, random);
  const place = random.pick(places);
  const [kind, change] = random.pick(Object.entries(CHANGES));
  const value = change(place, random);
  if (value === undefined) Reflect.deleteProperty(place.holder, place.name);
  else setOwn(place.holder, place.name, value);
  return { what: `${place.name}: ${kind}`, args };
}

/** Whatever, in place of arguments. */
export function random(schema: Schema, random: Random): Mutation {
  const args = {};
  for (const name of Object.keys(schema.properties ?? {}))
    if (random.chance(0.7)) setOwn(args, name, hostileValue(random));
  if (random.chance(0.3)) setOwn(args, hostileText(random).slice(0, 1_000), hostileValue(random));
  return { what: 'random', args };
}

function extra(args: Record<string, unknown>, random: Random): Mutation {
  const name = random.pick([
    ...PROTOTYPE_NAMES,
    'tenant',
    'tenant_id',
    'Idempotency_Key',
    '',
    ' ',
    'a'.repeat(5_000),
  ]);
  setOwn(args, name, hostileValue(random));
  return { what: `extra ${name.slice(0, 20)}`, args };
}

/** The same key twice: which one counts must be the same for all who look. */
function doubled(args: Record<string, unknown>, random: Random): Mutation {
  const name = random.pick(Object.keys(args));
  const text = JSON.stringify(args);
  const pair = `${JSON.stringify(name)}:${JSON.stringify(hostileValue(random, 1))}`;
  const both = random.chance(0.5) ? `{${pair},${text.slice(1)}` : `${text.slice(0, -1)},${pair}}`;
  return { what: `${name} twice`, args, text: both };
}

function placesIn(holder: object, schema: Schema): Place[] {
  return Object.entries(holder).flatMap(([name, value]) => {
    const { properties, items = {}, anyOf } = schema;
    const of = (Array.isArray(holder) ? items : properties?.[name]) ?? {};
    const inner = anyOf ? {} : of;
    const below = typeof value === 'object' && value !== null ? placesIn(value as object, inner) : [];
    return [{ holder, name, schema: of }, ...below];
  });
}

function valueAt({ holder, name }: Place): unknown {
  return (holder as Record<string, unknown>)[name];
}

function otherTypes(value: unknown): unknown[] {
  const values = ['text', 1, true, null, {}, [], [value], { value }];
  return values.filter((other) => typeof other !== typeof value || typeof value === 'object');
}

function boundaries({ minimum, maximum, minLength, maxLength, maxItems }: Schema): unknown[] {
  const values: unknown[] = [0, '', []];
  if (minimum !== undefined) values.push(minimum - 1, minimum, minimum - 0.5);
  if (maximum !== undefined) values.push(maximum, maximum + 1);
  if (minLength) values.push('x'.repeat(minLength - 1), 'x'.repeat(minLength));
  if (maxLength) values.push('x'.repeat(maxLength), 'x'.repeat(maxLength + 1), '😀'.repeat(maxLength));
  if (maxItems) values.push(Array.from({ length: maxItems + 1 }, () => 'x'));
  return values;
}
