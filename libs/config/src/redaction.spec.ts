import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inspect } from 'node:util';
import { z } from 'zod';
import { ConfigError } from './config-error.ts';
import { Config } from './config.ts';
import { defineSettings, secret } from './settings.ts';

const description = 'A key.';

/** Nothing that could stand in our own sentences by chance. */
const symbol = fc.constantFrom(...'!#$%&*+=?@^~§€😀"\\/\n\tÄQXZ0123456789');
const secrets = fc
  .string({ minLength: 12, maxLength: 300, unit: symbol })
  .filter((text) => text.trim().length >= 12);

/** Schemas in the ways people write them, among them some that quote what they refuse. */
const leakySchemas: z.ZodType<string>[] = [
  z.url(),
  z.string().max(3),
  z.string().regex(/^never$/),
  z.email({ error: (issue) => `${String(issue.input)} is no address` }),
  z.string().refine(() => false, { error: (issue) => `bad key ${JSON.stringify(issue.input)}` }),
  z.string().refine(() => false, { error: (issue) => `begins with ${String(issue.input).slice(0, 6)}` }),
  z.string().transform((text): string => {
    throw new SyntaxError(`Unexpected token in ${text}`);
  }),
];

describe('a secret', () => {
  it('is in nothing that a config shows', () => {
    const group = defineSettings('g', { key: secret('MCP_KEY', z.string(), { description }) });
    fc.assert(
      fc.property(secrets, (value) => {
        const config = Config.of([group], { MCP_KEY: value });
        const shown = [
          JSON.stringify(config.describe()),
          JSON.stringify(config),
          JSON.stringify(config.get(group)),
          inspect(config, { showHidden: true, depth: null }),
          inspect(config.get(group), { showHidden: true, depth: null }),
          `${config.get(group).key}`,
        ].join();
        expect(config.get(group).key.value()).toBe(value);
        expect(shown.includes(value)).toBe(false);
        expect(shown.includes(JSON.stringify(value).slice(1, -1))).toBe(false);
      }),
    );
  });

  it.each(leakySchemas.map((schema, index) => [index, schema] as const))(
    'is not in the complaint about it, nor is a piece of it (schema %i)',
    (_, schema) => {
      const group = defineSettings('g', { key: secret('MCP_KEY', schema, { description }) });
      fc.assert(
        fc.property(secrets, (value) => {
          fc.pre(!schemaAccepts(schema, value));
          let thrown: unknown;
          try {
            Config.of([group], { MCP_KEY: value, MCP_KEYS: value });
          } catch (error) {
            thrown = error;
          }
          expect(thrown).toBeInstanceOf(ConfigError);
          const shown = `${inspect(thrown)} ${JSON.stringify(thrown)}`;
          expect(shown.includes(value.slice(0, 6))).toBe(false);
          expect(shown.includes(value)).toBe(false);
        }),
      );
    },
  );
});

function schemaAccepts(schema: z.ZodType, value: string): boolean {
  try {
    return schema.safeParse(value).success;
  } catch {
    return false;
  }
}
