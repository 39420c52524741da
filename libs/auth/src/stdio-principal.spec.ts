import { describe, expect, it } from '@jest/globals';
import { Config } from '@gantry/config';
import { ScopeHierarchy } from './scope-hierarchy.ts';
import { stdioPrincipal, stdioPrincipalSettings } from './stdio-principal.ts';

function principalFrom(env: Record<string, string>) {
  return stdioPrincipal(
    Config.of([stdioPrincipalSettings], env).get(stdioPrincipalSettings),
    new ScopeHierarchy(),
  );
}

describe('stdioPrincipal', () => {
  it('is whoever the environment says, with what the scopes imply', () => {
    const principal = principalFrom({
      MCP_STDIO_TENANT: 'acme',
      MCP_STDIO_SCOPES: 'records:write, payments:approve',
      MCP_STDIO_SUBJECT: 'ada@example.com',
      MCP_STDIO_CLIENT: 'desktop',
    });
    expect(principal).toEqual({
      tenant: 'acme',
      subject: 'ada@example.com',
      client: 'desktop',
      scopes: new Set(['records:write', 'records:read', 'payments:approve']),
    });
    expect(Object.isFrozen(principal)).toBe(true);
  });

  it('has a name of its own for an unnamed user', () => {
    const principal = principalFrom({ MCP_STDIO_TENANT: 'acme', MCP_STDIO_SCOPES: 'records:read' });
    expect(principal).toMatchObject({ subject: 'stdio', client: 'stdio' });
  });

  it('never falls into a tenant that nobody named, and lists all that is missing', () => {
    expect(() => principalFrom({})).toThrow(/MCP_STDIO_TENANT is not set[\s\S]*MCP_STDIO_SCOPES is not set/);
    expect(() => principalFrom({ MCP_STDIO_SCOPES: 'a:read' })).toThrow(
      /^(?![\s\S]*SCOPES)[\s\S]*MCP_STDIO_TENANT is not/,
    );
    expect(() => principalFrom({ MCP_STDIO_TENANT: 'acme' })).toThrow('MCP_STDIO_SCOPES is not set');
  });

  it.each([
    ['MCP_STDIO_TENANT', 'two words'],
    ['MCP_STDIO_TENANT', 'x'.repeat(129)],
    ['MCP_STDIO_SUBJECT', 'a\u0000b'],
    ['MCP_STDIO_SCOPES', 'records:read records:write'],
  ])('refuses %s=%j', (name, value) => {
    const env = { MCP_STDIO_TENANT: 'acme', MCP_STDIO_SCOPES: 'records:read', [name]: value };
    expect(() => principalFrom(env)).toThrow(name);
  });
});
