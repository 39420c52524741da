import { businessError } from '@gantry/errors';
import { waitFor } from '@gantry/testing';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { useFixture } from './fixture.ts';

const the = useFixture();

/** Cannot be in a row by chance. */
const secret = fc.uuid().map((id) => `§${id}`);

/** JSON with secrets as values and as keys, at any depth. */
const { args } = fc.letrec<{ args: unknown }>((tie) => ({
  args: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    secret,
    fc.array(tie('args'), { maxLength: 3 }),
    fc.dictionary(secret, tie('args'), { maxKeys: 3 }),
  ),
}));

describe('what a caller sent', () => {
  it('is in no entry, however the call ends', async () => {
    const { replica } = the;
    const tools = (['create', 'read', 'external'] as const).flatMap((effect) => [
      replica.tool(effect, async () => ({})),
      replica.tool(effect, async (input) => {
        const echo = JSON.stringify(input);
        throw businessError('echoed', echo, echo, { details: { echo } });
      }),
      replica.tool(effect, async (input) => {
        throw new Error(JSON.stringify(input));
      }),
    ]);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...tools),
        args,
        fc.option(secret, { nil: undefined }),
        fc.boolean(),
        async (tool, value, key, valid) => {
          await tool({ args: { value, idempotency_key: key, ...(!valid && { invalid: value }) } });
        },
      ),
      { numRuns: 200 },
    );
    const rows = await waitFor(async () => {
      const found = await replica.rows();
      return found.length === replica.answered.length ? found : undefined;
    });
    expect(rows.length).toBeGreaterThanOrEqual(200);
    expect(JSON.stringify(rows)).not.toContain('§');
  });
});
