import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { composePipeline } from './compose.ts';
import { defineTool } from './contract.ts';
import { success } from './outcome.ts';

const tool = defineTool({
  name: 'get_thing', title: 'Get', description: 'd', input: z.object({}), output: z.object({}), scopes: [], effect: 'read',
});

describe('composePipeline', () => {
  it('turns a throw into a failure', async () => {
    const run = composePipeline(tool, new Map(), async () => { throw new Error('boom'); });
    expect(await run({} as never)).toMatchObject({ ok: false, error: { code: 'internal_error' } });
    expect(await composePipeline(tool, new Map(), async () => success({ a: 1 }))({} as never)).toEqual({ ok: true, output: { a: 1 } });
  });
});
