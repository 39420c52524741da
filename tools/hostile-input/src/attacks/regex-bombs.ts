import type { Trial } from '../session.ts';
import { type Arena, argumentsWith, some, textArguments, type Attack } from './attack.ts';
import { key } from '../plants/plant.ts';

const LONG = 40_000;
/** Patterns that take a backtracking engine for ever. */
const PATTERNS = [
  '^(a+)+$',
  '^(a|a)*$',
  '^(a|aa)+$',
  '(.*a){25}$',
  '^([a-zA-Z]+)*$',
  '(x+x+)+y',
  '^(?=(a+))\\1$',
  '(?:a{1,50}){50}b',
  '((((((a*)*)*)*)*)*)*b',
  '\\p{L}*\\p{L}*\\p{L}*\\p{L}*!',
  `${'a?'.repeat(60)}${'a'.repeat(60)}`,
  '['.repeat(1_000),
  '('.repeat(5_000),
  'a{99999999}',
];
/** Texts that they, and those in the services' own schemas, would take for ever with. */
const TEXTS = [
  `${'a'.repeat(35)}!`,
  `${'a'.repeat(480)}!`,
  `${'a.'.repeat(60)}@`,
  `${'a'.repeat(60)}@${'a.'.repeat(90)}`,
  ' '.repeat(199),
  `${' '.repeat(150)}x`,
  '-'.repeat(200),
  `${'0'.repeat(30)}.${'0'.repeat(30)}x`,
  '"'.repeat(400),
  `${'a OR '.repeat(90)}b`,
  '(a '.repeat(150),
  '"a" -"b" '.repeat(50),
  `${'x'.repeat(LONG)}!`,
];

/** Text and patterns that take time which grows faster than they do. The event loop tells. */
export const regexBombs: Attack = {
  name: 'regex bombs',
  async run(arena) {
    await arena.session.sendAll(some(arena, texts(arena)), 4);
    if (arena.session.subject.tools.has('define_collection')) await schemas(arena);
  },
};

function* texts({ session, random }: Pick<Arena, 'session' | 'random'>): Generator<Trial> {
  const { subject } = session;
  const family = regexBombs.name;
  for (const [tool, property] of textArguments(subject))
    for (const text of TEXTS) {
      const args = argumentsWith(subject, tool, random, { [property]: text });
      yield [
        session.call(tool.name, args, { family, what: `${tool.name}.${property}: ${text.slice(0, 20)}` }),
      ];
    }
}

/** Schemas that a caller brings along, and documents that they are then asked about. */
async function schemas({ session }: Pick<Arena, 'session'>): Promise<void> {
  const family = regexBombs.name;
  let count = 0;
  for (const [what, schema] of Object.entries(costlySchemas())) {
    const name = `bomb_${count++}`;
    const definition = { name, json_schema: schema };
    await session.send(session.call('define_collection', definition, { family, what: `schema ${what}` }));
    for (const document of [
      { name: `${'a'.repeat(30)}!` },
      { name: `${'a'.repeat(4_000)}!` },
      { name: LISTS },
    ]) {
      const args = { collection: name, document, idempotency_key: key() };
      await session.send(session.call('create_record', args, { family, what: `document for ${what}` }));
    }
  }
}

const LISTS = Array.from({ length: 3_000 }, (_, index) => ({ index, same: ['x'] }));

function costlySchemas(): Record<string, object> {
  const ofName = (name: object) => ({ type: 'object', properties: { name } });
  let doubling: object = { type: 'string' };
  for (let level = 0; level < 14; level += 1) doubling = { anyOf: [doubling, doubling] };
  let deep: object = { type: 'string' };
  for (let level = 0; level < 50; level += 1) deep = { type: 'object', properties: { a: deep } };
  return {
    ...Object.fromEntries(
      PATTERNS.map((pattern) => [pattern.slice(0, 20), ofName({ type: 'string', pattern })]),
    ),
    ...Object.fromEntries(
      PATTERNS.slice(0, 4).map((pattern) => [
        `name ${pattern}`,
        { type: 'object', patternProperties: { [pattern]: {} } },
      ]),
    ),
    doubling: ofName(doubling),
    deep,
    'reference to itself': { $ref: '#' },
    'references in a ring': {
      $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } },
      $ref: '#/$defs/a',
    },
    'reference to the network': ofName({ $ref: 'http://127.0.0.1:9/schema.json' }),
    'reference to a file': ofName({ $ref: 'file:///etc/passwd' }),
    'many enum values': ofName({ enum: Array.from({ length: 20_000 }, (_, index) => `v${index}`) }),
    'unique items': ofName({ type: 'array', uniqueItems: true }),
    contains: ofName({ type: 'array', contains: { uniqueItems: true, enum: [1] }, minContains: 2_999 }),
    'many properties': {
      type: 'object',
      properties: Object.fromEntries(
        Array.from({ length: 5_000 }, (_, index) => [`p${index}`, { type: 'string' }]),
      ),
    },
    'dynamic reference': { $dynamicAnchor: 'a', properties: { name: { $dynamicRef: '#a' } } },
    'own meta-schema': { $schema: 'http://127.0.0.1:9/meta', $id: 'http://127.0.0.1:9/x' },
    'code in names': ofName({
      type: 'string',
      title: '"});process.exit(1);//',
      $comment: '*/process.exit(1)/*',
    }),
    'code in properties': {
      type: 'object',
      properties: { '"];process.exit(1);["': { const: '\u2028`${process.exit(1)}`' } },
    },
  };
}
