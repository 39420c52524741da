import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hostileArguments } from './hostile-input.ts';

const schema = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    count: { type: 'integer' },
    active: { type: 'boolean' },
    kind: { enum: ['a', 'b'] },
    version: { const: 1 },
    tags: { type: 'array', items: { type: 'string' } },
    address: { type: 'object', properties: { city: { type: 'string' } } },
    data: { type: ['object', 'null'] },
    either: { anyOf: [{ type: 'string' }, { type: 'number' }] },
    whatever: {},
  },
  required: ['name'],
};

describe('hostileArguments', () => {
  const samples = fc.sample(hostileArguments(schema), { numRuns: 2_000, seed: 1 });
  const some = (predicate: (args: Record<string, unknown>) => boolean) =>
    expect(samples.some(predicate)).toBe(true);

  it('makes arguments of the right shape, of the wrong types, with gaps and with extras', () => {
    some((args) => Object.keys(args).length === Object.keys(schema.properties).length);
    some((args) => typeof args['name'] === 'string');
    some((args) => typeof args['name'] === 'object');
    some((args) => !('name' in args));
    some((args) => Object.keys(args).some((key) => !(key in schema.properties)));
  });

  it('reaches inside arrays and objects', () => {
    some((args) => Array.isArray(args['tags']) && args['tags'].some((tag) => typeof tag !== 'string'));
    some((args) => typeof (args['address'] as { city?: unknown } | null)?.city === 'number');
  });

  it('includes what breaks careless servers: NUL bytes, SQL, very long strings', () => {
    const strings = samples
      .flatMap((args) => Object.values(args))
      .filter((value) => typeof value === 'string');
    expect(strings.some((value) => value.includes('\0'))).toBe(true);
    expect(strings.some((value) => value.includes('DROP TABLE'))).toBe(true);
    expect(strings.some((value) => value.length >= 20_000)).toBe(true);
  });
});
