import { describe, expect, it } from '@jest/globals';
import { defineTool, type ToolContract } from '@gantry/pipeline';
import { z } from 'zod';
import { contractFindings } from './contract-rules.ts';

const good = defineTool({
  name: 'get_thing',
  title: 'Get a thing',
  description:
    'Reads one thing by its id. Use it when you know the id; use list_things otherwise. Gives thing_missing if it is gone: list again. At most 120 calls a minute.',
  input: z.strictObject({
    id: z.string().max(40).describe('Id.'),
    count: z.int().max(5).describe('Count.'),
    kinds: z
      .array(z.enum(['a', 'b']))
      .max(2)
      .describe('Kinds.'),
    nested: z
      .object({ name: z.string().max(3) })
      .optional()
      .describe('Nested.'),
  }),
  output: z.object({}),
  scopes: [],
  effect: 'read',
  errors: ['thing_missing'],
});

describe('contractFindings', () => {
  it('finds nothing in a good contract', () => {
    expect(contractFindings(good)).toEqual([]);
  });

  it.each<[string, Partial<ToolContract>, RegExp]>([
    ['a bad name', { name: 'GetThing' }, /snake_case/],
    ['a version before the first', { version: 0 }, /version/],
    ['a version that is none', { version: 1.5 }, /version/],
    ['a terse description', { description: 'Gets. thing_missing. 120 calls a minute' }, /too short/],
    ['an unstated limit', { limits: { ...good.limits, callsPerMinute: 7 } }, /limit of 7/],
    ['an unexplained error', { errors: ['thing_lost'] }, /thing_lost/],
    ['a loose object', { input: z.object({}) }, /strict/],
    ['an undescribed field', { input: z.strictObject({ a: z.boolean() }) }, /a has no description/],
    [
      'a field that is to be a header, too',
      { input: z.strictObject({ a: z.boolean().describe('x').meta({ 'x-mcp-header': 'A' }) }) },
      /a wants a header/,
    ],
    ['an unbounded string', { input: z.strictObject({ a: z.string().describe('x') }) }, /maximum length/],
    ['an unbounded number', { input: z.strictObject({ a: z.number().describe('x') }) }, /a has no maximum/],
    [
      'an unbounded list',
      { input: z.strictObject({ a: z.array(z.boolean()).describe('x') }) },
      /maximum of items/,
    ],
    [
      'an unbounded part',
      { input: z.strictObject({ a: z.array(z.string()).max(1).describe('x') }) },
      /a\[\] has no maximum length/,
    ],
    [
      'an unbounded option',
      { input: z.strictObject({ a: z.union([z.string(), z.boolean()]).describe('x') }) },
      /maximum length/,
    ],
    [
      'an unbounded child',
      { input: z.strictObject({ a: z.object({ b: z.string() }).describe('x') }) },
      /a\.b has no maximum length/,
    ],
  ])('finds %s', (_name, change, finding) => {
    expect(contractFindings({ ...good, ...change })).toEqual(
      expect.arrayContaining([expect.stringMatching(finding)]),
    );
  });
});
