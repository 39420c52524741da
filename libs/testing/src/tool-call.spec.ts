import { describe, expect, it } from '@jest/globals';
import { testCall, testTool } from './tool-call.ts';

describe('a tool for tests', () => {
  it('reads and needs nothing', () => {
    expect(testTool()).toMatchObject({ name: 'get_order', effect: 'read', scopes: [], errors: [] });
    expect(testTool().input.safeParse({}).success).toBe(true);
  });

  it('is what the test says, with the limits of any other', () => {
    const tool = testTool({ name: 'add_thing', effect: 'create', limits: { concurrent: 3 } });
    expect(tool).toMatchObject({ name: 'add_thing', title: 'add_thing', effect: 'create' });
    expect(tool.limits).toEqual({ ...testTool().limits, concurrent: 3 });
  });
});

describe('a call for tests', () => {
  it('can be told from every other, is never late, and can ask nobody', () => {
    const call = testCall();
    expect(call.requestId).not.toBe(testCall().requestId);
    expect(call).toMatchObject({ deadline: Infinity, canAsk: false, arguments: {}, input: {} });
    expect(call.signal.aborted).toBe(false);
    expect(call.tool.name).toBe('get_order');
  });

  it('is what the test says, in part where it has parts', () => {
    const tool = testTool({ name: 'list_orders' });
    const call = testCall({ tool, principal: { subject: 'bob' }, meta: { transport: 'stdio' }, deadline: 1 });
    expect(call).toMatchObject({
      tool,
      principal: { tenant: 'acme', subject: 'bob', client: 'agent' },
      meta: { transport: 'stdio', protocolVersion: '2026-07-28' },
      deadline: 1,
    });
  });
});
