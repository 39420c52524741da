import { describe, expect, it } from '@jest/globals';
import { Config } from '@gantry/config';
import { authSettings } from './auth.settings.ts';

const read = (env: Record<string, string>) => Config.of([authSettings], env).get(authSettings);

describe('authSettings', () => {
  it('needs nothing, and trusts asymmetric signatures only', () => {
    expect(read({})).toMatchObject({
      issuer: undefined,
      audience: undefined,
      tenantClaim: 'tenant',
      algorithms: ['ES256', 'RS256', 'EdDSA', 'PS256'],
      clockSkewSeconds: 30,
      allowInsecureIssuer: false,
    });
  });

  it('keeps the issuer as it is written, down to the last slash', () => {
    expect(read({ MCP_AUTH_ISSUER: 'https://login.example.com/' }).issuer).toBe('https://login.example.com/');
  });

  it.each([
    ['MCP_AUTH_ALGORITHMS', 'HS256'],
    ['MCP_AUTH_ALGORITHMS', 'ES256,none'],
    ['MCP_AUTH_ALGORITHMS', ''.padEnd(3, ',')],
    ['MCP_AUTH_ISSUER', 'login.example.com'],
    ['MCP_AUTH_ISSUER', 'ftp://login.example.com'],
    ['MCP_AUTH_ISSUER', 'https://login.example.com?tenant=1'],
    ['MCP_AUTH_ISSUER', 'https://login.example.com#a'],
    ['MCP_AUTH_AUDIENCE', 'records'],
    ['MCP_AUTH_AUDIENCE', 'https://records.example.com/mcp#a'],
    ['MCP_AUTH_CLOCK_SKEW_SECONDS', '3600'],
    ['MCP_AUTH_KEYS_COOLDOWN_SECONDS', '0'],
  ])('refuses %s=%s', (name, value) => {
    expect(() => read({ [name]: value })).toThrow(name);
  });

  it('shows no secret', () => {
    const config = Config.of([authSettings], { MCP_AUTH_CLIENT_SECRET: 'hunter2hunter2' });
    expect(JSON.stringify(config.describe())).not.toContain('hunter2');
  });
});
