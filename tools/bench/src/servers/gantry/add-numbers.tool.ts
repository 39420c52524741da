import { defineTool, Tool, type InputOf, type OutputOf, type ToolHandler } from '@gantry/pipeline';
import { Injectable, type Type } from '@nestjs/common';
import { z } from 'zod';

const CALLS_PER_MINUTE = 100_000_000;

// The same as in peers/tools.js.
const DESCRIPTION =
  'Adds two numbers and returns their sum. Use it when a sum must be exact; do not use it for dates or amounts of ' +
  'money in different currencies. Returns sum. It has no errors of its own: numbers outside of the stated bounds are ' +
  `refused as invalid input. At most ${CALLS_PER_MINUTE} calls a minute.`;

const number = (what: string) => z.number().min(-1e12).max(1e12).describe(what);

/** A tool that adds two numbers, under this name: a service has as many of them as a measurement asks for. */
export function addNumbersTool(name: string): Type {
  const addNumbers = defineTool({
    name,
    title: 'Add two numbers',
    description: DESCRIPTION,
    input: z.strictObject({ a: number('The first number.'), b: number('The second number.') }),
    output: z.object({ sum: z.number().describe('The sum of both.') }),
    scopes: ['bench:read'],
    effect: 'read',
    limits: { callsPerMinute: CALLS_PER_MINUTE },
  });

  @Injectable()
  @Tool(addNumbers)
  class AddNumbersTool implements ToolHandler<typeof addNumbers> {
    async call({ a, b }: InputOf<typeof addNumbers>): Promise<OutputOf<typeof addNumbers>> {
      return { sum: a + b };
    }
  }
  return AddNumbersTool;
}
