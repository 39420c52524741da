import { defineTool } from '@gantry/pipeline';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { operationFindings } from './operation.ts';

const findings = (output: z.ZodObject, startsOperation?: boolean) =>
  operationFindings(
    defineTool({
      name: 'import_things',
      title: 'Import',
      description: 'Imports.',
      input: z.strictObject({}),
      output,
      scopes: [],
      effect: 'create',
      ...(startsOperation !== undefined && { startsOperation }),
    }),
  );

describe('operationFindings', () => {
  it('leaves tools alone that start nothing', () => {
    expect(findings(z.object({ id: z.string() }))).toEqual([]);
  });

  it('takes an output that may be an operation alone', () => {
    const output = z.object({
      operation: z.object({}).optional(),
      id: z.string().optional(),
      n: z.number().default(1),
    });
    expect(findings(output, true)).toEqual([]);
  });

  it('finds an output that a finished task could not have', () => {
    expect(findings(z.object({ id: z.string() }), true)).toEqual([
      'starts an operation, but its output has no property operation',
      'starts an operation, so output id must be optional: a finished task has only operation',
    ]);
  });
});
