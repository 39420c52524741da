import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ProtectedResource } from './protected-resource.ts';

const issuer = 'https://login.example.com';

function resourceAt(audience: string, scopes: readonly string[] = ['orders:read', 'orders:write']) {
  return new ProtectedResource({ issuer, audience }, scopes);
}

describe('ProtectedResource', () => {
  it('tells a client which issuer to ask and which scopes to ask for (RFC 9728)', () => {
    expect(resourceAt('https://orders.example.com/mcp').metadata()).toEqual({
      resource: 'https://orders.example.com/mcp',
      authorization_servers: [issuer],
      scopes_supported: ['orders:read', 'orders:write'],
      bearer_methods_supported: ['header'],
    });
    expect(resourceAt('https://orders.example.com/mcp', []).metadata()).not.toHaveProperty(
      'scopes_supported',
    );
  });

  it.each([
    ['http://host:3000/mcp', '/.well-known/oauth-protected-resource/mcp', 'http://host:3000'],
    ['https://host/a/b', '/.well-known/oauth-protected-resource/a/b', 'https://host'],
    ['https://host', '/.well-known/oauth-protected-resource', 'https://host'],
    ['https://host/', '/.well-known/oauth-protected-resource', 'https://host'],
  ])('%s has its metadata at %s, and at the root', (audience, path, origin) => {
    const resource = resourceAt(audience);
    expect(resource.metadataPath).toBe(path);
    expect(resource.metadataUrl).toBe(origin + path);
    expect(new Set(resource.metadataPaths)).toEqual(new Set([path, '/.well-known/oauth-protected-resource']));
  });

  it('keeps the query of a resource in the URL of its metadata', () => {
    expect(resourceAt('https://host/mcp?shop=1').metadataUrl).toBe(
      'https://host/.well-known/oauth-protected-resource/mcp?shop=1',
    );
  });

  it('answers a request without a token with the way to get one and no error code', () => {
    expect(resourceAt('https://host/mcp').challenge401()).toBe(
      'Bearer resource_metadata="https://host/.well-known/oauth-protected-resource/mcp", scope="orders:read orders:write"',
    );
    expect(resourceAt('https://host/mcp', []).challenge401()).toBe(
      'Bearer resource_metadata="https://host/.well-known/oauth-protected-resource/mcp"',
    );
  });

  it('says what is wrong with a token', () => {
    expect(resourceAt('https://host/mcp').challenge401('invalid_token', 'The token has expired.')).toBe(
      'Bearer error="invalid_token", error_description="The token has expired.", ' +
        'resource_metadata="https://host/.well-known/oauth-protected-resource/mcp", scope="orders:read orders:write"',
    );
  });

  it('names all scopes that a call needs', () => {
    expect(resourceAt('https://host/mcp').challenge403(['orders:write', 'payments:write'])).toBe(
      'Bearer error="insufficient_scope", error_description="The token lacks a scope that this call needs.", ' +
        'resource_metadata="https://host/.well-known/oauth-protected-resource/mcp", scope="orders:write payments:write"',
    );
  });

  it('cuts a long description short, but never the scopes', () => {
    const scopes = Array.from({ length: 50 }, (_, index) => `orders:scope-${index}`);
    const resource = resourceAt('https://host/mcp', scopes);
    expect(resource.challenge401('invalid_token', 'x'.repeat(5_000)).length).toBeLessThan(1_500);
    expect(resource.challenge401()).toContain(`scope="${scopes.join(' ')}"`);
  });

  it('lets no text end the quoted string, start a parameter or break the header', () => {
    const parameter = /[a-z_]+="[\x20\x21\x23-\x5b\x5d-\x7e]*"/;
    const header = new RegExp(`^Bearer ${parameter.source}(, ${parameter.source})*$`);
    const resource = resourceAt('https://host/mcp');
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('"', '\\"', '\r\nX-Evil: 1', 'ok", evil="1'),
    );
    fc.assert(
      fc.property(hostile, (text) => {
        const value = resource.challenge401('invalid_token', text);
        expect(value).toMatch(header);
        expect(value).not.toContain('evil="1"');
        expect(resource.challenge403([text])).toMatch(header);
      }),
    );
  });

  it('says which setting is missing when there is no resource to speak of', () => {
    const none = new ProtectedResource({ issuer: undefined, audience: undefined });
    expect(() => none.challenge401()).toThrow('MCP_AUTH_AUDIENCE is not set');
    expect(
      () =>
        resourceAt('https://host/mcp') &&
        new ProtectedResource({ issuer: undefined, audience: 'https://host' }).metadata(),
    ).toThrow('MCP_AUTH_ISSUER is not set');
  });
});
