import { defineTool } from '@gantry/pipeline';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { toolListing } from './tool-listing.ts';

/** How a field is listed, of the input and of the output. */
function listed(field: z.ZodType): unknown[] {
  const tool = defineTool({
    name: 'count_things',
    title: 'Count things',
    description: 'Counts.',
    input: z.strictObject({ field }),
    output: z.object({ field }),
    scopes: [],
    effect: 'read',
    errors: [],
  });
  const { inputSchema, outputSchema } = toolListing(tool);
  return [inputSchema, outputSchema].map((schema) => (schema['properties'] as { field: unknown }).field);
}

function both(schema: object): unknown[] {
  return [schema, schema];
}

describe('toolListing', () => {
  it.each(['read', 'update', 'create'] as const)(
    'keeps what the input says beyond its fields (%s)',
    (effect) => {
      const input = z.strictObject({ a: z.boolean().optional() }).meta({ allOf: [{ required: ['a'] }] });
      const output = z.object({});
      const { inputSchema } = toolListing(
        defineTool({ name: 'do_it', title: 'Do', description: 'Does.', input, output, scopes: [], effect }),
      );
      expect(inputSchema).toMatchObject({ additionalProperties: false, allOf: [{ required: ['a'] }] });
    },
  );

  it('leaves out the bounds of all safe integers', () => {
    const integer = { type: 'integer' };
    expect(listed(z.int())).toEqual(both(integer));
    expect(listed(z.number().int())).toEqual(both(integer));
    expect(listed(z.array(z.int()))).toEqual(both({ type: 'array', items: integer }));
    expect(listed(z.int().nullable())).toEqual(both({ type: ['integer', 'null'] }));
  });

  it('keeps those that somebody has set', () => {
    expect(listed(z.int().min(1))).toEqual(both({ type: 'integer', minimum: 1 }));
    expect(listed(z.int().max(5))).toEqual(both({ type: 'integer', maximum: 5 }));
    expect(listed(z.number().max(Number.MAX_SAFE_INTEGER))).toEqual(
      both({ type: 'number', maximum: Number.MAX_SAFE_INTEGER }),
    );
  });
});
