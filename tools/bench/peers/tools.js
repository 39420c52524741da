// The tools that every server offers: one, or as many as TOOLS says, all alike. src/servers/gantry has the same.
import { z } from 'zod';

const DESCRIPTION =
  'Adds two numbers and returns their sum. Use it when a sum must be exact; do not use it for dates or amounts of ' +
  'money in different currencies. Returns sum. It has no errors of its own: numbers outside of the stated bounds are ' +
  'refused as invalid input. At most 100000000 calls a minute.';

const number = (what) => z.number().min(-1e12).max(1e12).describe(what);

export const input = z.strictObject({ a: number('The first number.'), b: number('The second number.') });
export const output = z.object({ sum: z.number().describe('The sum of both.') });

export const tools = Array.from({ length: Number(process.env.TOOLS ?? 1) }, (_, index) => ({
  name: index === 0 ? 'add_numbers' : `add_numbers_${index + 1}`,
  title: 'Add two numbers',
  description: DESCRIPTION,
}));

export function add({ a, b }) {
  return { sum: a + b };
}

/** As MCP wants it: for programs, and as text for models. */
export function toolResult(structuredContent) {
  return { content: [{ type: 'text', text: JSON.stringify(structuredContent) }], structuredContent };
}
