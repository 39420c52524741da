import { describe, expect, it } from '@jest/globals';
import { currentContext, runInContext } from './call-context.ts';

describe('runInContext', () => {
  it('keeps the contexts of concurrent calls apart, and ends with the call', async () => {
    const seen = async (requestId: string) =>
      runInContext({ requestId, tenant: 't', tool: 'x' }, async () => {
        await new Promise((resolve) => setImmediate(resolve));
        return currentContext()?.requestId;
      });
    expect(await Promise.all([seen('a'), seen('b')])).toEqual(['a', 'b']);
    expect(currentContext()).toBeUndefined();
  });
});
