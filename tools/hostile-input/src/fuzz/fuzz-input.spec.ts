import { describe, expect, it } from '@jest/globals';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { SERVICES, type ServiceName } from '../fleet/fleet.ts';
import { declaredErrors, promisesOf, type Subject } from '../subject.ts';
import { fuzzInput } from './fuzz-input.ts';
import { mutate, random as anyArguments } from './mutate.ts';
import { Random } from './random.ts';
import { validArguments } from './valid.ts';

const subject = (name: ServiceName): Subject => {
  const file = new URL(`../../../../apps/${name}/contract/tools.json`, import.meta.url);
  const { tools } = JSON.parse(readFileSync(file, 'utf8')) as { tools: Parameters<typeof promisesOf>[0] };
  return {
    name,
    token: 'the-token',
    tools: promisesOf(tools, declaredErrors(name)),
    resources: ['config://server-settings'],
    templates: ['records://records/{record_id}', 'records://exports/{operation_id}/{part}'],
    prompts: [{ name: 'explore', arguments: [{ name: 'collection' }] }],
    vocabulary: {
      collection: ['things'],
      document: [{ name: 'a', deep: [{ b: 1 }] }],
      operation_id: [`op_0${'a'.repeat(25)}`],
    },
  };
};
const validator = new AjvJsonSchemaValidator();
const accepts = (schema: object) => {
  const validate = validator.getValidator(schema);
  return (args: unknown) => validate(JSON.parse(JSON.stringify(args))).valid;
};
/** Of the whole sequence: it is too long to be shown. */
const digest = (of: Subject, seed: number, count: number) => {
  const hash = createHash('sha256');
  for (let index = 0; index < count; index += 1) {
    const { headers, body, what } = fuzzInput(of, seed, index);
    hash.update(JSON.stringify([what, headers])).update(body);
  }
  return hash.digest('hex');
};

describe.each(SERVICES)('inputs for %s', (name) => {
  it('are the same for the same seed, whatever came before', () => {
    const the = subject(name);
    const first = digest(the, 1, 200);
    expect(digest(the, 1, 200)).toEqual(first);
    expect(digest(subject(name), 1, 200)).toEqual(first);
    expect(digest(the, 2, 200)).not.toEqual(first);
  });

  it('reach every tool', () => {
    const the = subject(name);
    const asked = new Set(Array.from({ length: 200 }, (_, index) => fuzzInput(the, 3, index).asked?.name));
    expect([...the.tools.keys()].filter((tool) => !asked.has(tool))).toEqual([]);
  });

  it('are right when they are meant to be, for every tool', () => {
    const the = subject(name);
    for (const tool of the.tools.values()) {
      const isRight = accepts(tool.inputSchema);
      for (let seed = 0; seed < 100; seed += 1) {
        const args = validArguments(tool.inputSchema, new Random(seed), the.vocabulary);
        if (!isRight(args)) throw new Error(`${tool.name} refuses ${JSON.stringify(args)}`);
      }
    }
  });

  it('are wrong in one thing, most of them, when they are mutated', () => {
    const the = subject(name);
    let wrong = 0;
    let all = 0;
    for (const tool of the.tools.values()) {
      const isRight = accepts(tool.inputSchema);
      for (let seed = 0; seed < 100; seed += 1) {
        const random = new Random(seed, tool.name);
        const args = validArguments(tool.inputSchema, random, the.vocabulary);
        const { text, args: mutated } = mutate(args, tool.inputSchema, random);
        // What is sent twice has another text, and JSON.parse takes the last one.
        all += 1;
        if (!isRight(text === undefined ? mutated : JSON.parse(text))) wrong += 1;
      }
    }
    expect(wrong / all).toBeGreaterThan(0.5);
    expect(wrong / all).toBeLessThan(0.95);
  });
});

describe('arguments', () => {
  const schema = {
    type: 'object',
    properties: { a: { type: 'string', maxLength: 3 }, b: { type: 'integer', minimum: 1, maximum: 9 } },
    required: ['a', 'b'],
  };
  const texts = Array.from({ length: 2_000 }, (_, seed) => {
    const { args, text } = mutate({ a: 'abc', b: 5 }, schema, new Random(seed));
    return text ?? JSON.stringify(args);
  });

  it.each([
    ['of another type', '{"a":true,"b":5}'],
    ['missing', '{"b":5}'],
    ['below the least', '{"a":"abc","b":0}'],
    ['above the most', '{"a":"abc","b":10}'],
    ['one character too long', '{"a":"xxxx","b":5}'],
    ['beyond all numbers', '{"a":"abc","b":1e999}'],
    ['no number', '{"a":"abc","b":"NaN"}'],
  ])('are mutated to what is %s', (_, text) => {
    expect(texts).toContain(text);
  });

  it.each([
    ['have a key twice', /^\{"(a|b)":.*[,{]"\1":/],
    ['have a key that objects are born with', /"__proto__":/],
    ['have a key that nobody asked for', /"tenant_id":/],
    ['are deep', /(?:\{"v":\[){4}/],
    ['are huge', /x{20000}/],
    ['hold no text', /\\ud[89a-f]/],
    ['hold NUL', /\\u0000/],
    ['hold SQL', /DROP TABLE|UNION SELECT|pg_sleep/],
  ])('%s', (_, pattern) => {
    expect(texts.some((text) => pattern.test(text))).toBe(true);
  });

  it('may be anything', () => {
    const shapes = new Set(
      Array.from({ length: 200 }, (_, seed) => typeof anyArguments(schema, new Random(seed)).args['a']),
    );
    expect([...shapes].sort()).toEqual(['boolean', 'number', 'object', 'string', 'undefined']);
  });
});
