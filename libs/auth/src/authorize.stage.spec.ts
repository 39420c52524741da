import { describe, expect, it } from '@jest/globals';
import { stageSlotOf, success } from '@gantry/pipeline';
import { testCall, testTool } from '@gantry/testing';
import { AuthorizeStage, missingScopes } from './authorize.stage.ts';
import { ScopeHierarchy } from './scope-hierarchy.ts';

const toolNeeding = (...scopes: string[]) => testTool({ scopes });

function callBy(...granted: string[]) {
  return testCall({ principal: { scopes: new ScopeHierarchy().expand(granted) } });
}

describe('AuthorizeStage', () => {
  const stage = new AuthorizeStage();
  const done = success({ done: true });
  const next = async () => done;

  it('stands in the authorize slot', () => {
    expect(stageSlotOf(AuthorizeStage)).toBe('authorize');
  });

  it('lets a call pass whose scopes were granted, also through the hierarchy', async () => {
    const run = stage.forTool(toolNeeding('payments:write', 'orders:read'));
    expect(await run?.(callBy('payments:admin', 'orders:read'), next)).toBe(done);
  });

  it('refuses a call without running it and names all needed and all missing scopes', async () => {
    const run = stage.forTool(toolNeeding('payments:write', 'payments:approve', 'orders:read'));
    let ran = false;
    const outcome = await run?.(callBy('payments:admin'), async () => {
      ran = true;
      return done;
    });
    expect(ran).toBe(false);
    expect(outcome).toMatchObject({
      ok: false,
      error: {
        code: 'permission_denied',
        retryable: false,
        details: {
          required_scopes: ['payments:write', 'payments:approve', 'orders:read'],
          missing_scopes: ['payments:approve', 'orders:read'],
        },
      },
    });
  });

  it('costs a tool without scopes nothing', () => {
    expect(stage.forTool(toolNeeding())).toBeUndefined();
  });

  it('tells which scopes a principal lacks', () => {
    expect(missingScopes(toolNeeding('orders:write'), callBy('orders:read').principal)).toEqual([
      'orders:write',
    ]);
  });
});
