import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Config } from '@gantry/config';
import {
  HealthRegistry,
  Metrics,
  ObservabilityModule,
  ServiceInfo,
  ServiceInfoModule,
} from '@gantry/observability';
import { startContainer, startIssuer, type TestContainer, type TestIssuer } from '@gantry/testing';
import {
  AuthModule,
  AuthorizeStage,
  ProtectedResource,
  ScopeHierarchy,
  ServiceTokens,
  stdioPrincipal,
  stdioPrincipalSettings,
  TokenVerifier,
} from '../src/index.ts';
import { AUDIENCE } from './resource-server.ts';

const auth = AuthModule.forRoot({
  hierarchy: new ScopeHierarchy({ 'payments:admin': ['payments:approve'] }),
  scopesSupported: ['payments:read'],
});

const info = ServiceInfoModule.with(new ServiceInfo('payments', '0.0.0'));

describe('AuthModule', () => {
  let issuer: TestIssuer;
  let app: TestContainer['app'];
  let stop: TestContainer['stop'];

  async function start(env: Record<string, string>): Promise<void> {
    const imports = [info, ObservabilityModule, auth];
    ({ app, stop } = await startContainer({ imports }, { MCP_LOG_LEVEL: 'silent', ...env }));
  }

  beforeEach(async () => {
    issuer = await startIssuer();
  });
  afterEach(async () => {
    await stop();
    await issuer.close();
  });

  it('gives a process that serves HTTP all it needs to know its callers', async () => {
    await start({ MCP_AUTH_ISSUER: issuer.url, MCP_AUTH_AUDIENCE: AUDIENCE });
    const verifier = app.get(TokenVerifier);
    expect(() => verifier.assertConfigured()).not.toThrow();
    const token = await issuer.token({ audience: AUDIENCE, tenant: 'acme', scopes: ['payments:admin'] });
    const { scopes } = await verifier.authenticate(`Bearer ${token}`);
    expect(scopes.has('payments:approve')).toBe(true);
    await verifier.authenticate(`Bearer ${token}`);
    await expect(verifier.authenticate(undefined)).rejects.toMatchObject({
      wwwAuthenticate: expect.stringContaining('scope="payments:read"'),
    });
    expect(app.get(ProtectedResource).metadata()).toMatchObject({
      resource: AUDIENCE,
      authorization_servers: [issuer.url],
    });
    expect(app.get(AuthorizeStage)).toBeInstanceOf(AuthorizeStage);

    const metrics = await app.get(Metrics).registry.metrics();
    expect(metrics).toContain('mcp_auth_tokens_total{result="unavailable"} 0');
    expect(metrics).toContain('mcp_auth_tokens_total{result="verified"} 1');
    expect(metrics).toContain('mcp_auth_tokens_total{result="remembered"} 1');
    expect(metrics).toContain('mcp_auth_tokens_total{result="missing"} 1');
    expect(metrics).toContain('mcp_auth_key_fetches_total{result="ok"} 1');
  });

  it('is healthy when the keys are known or can be had', async () => {
    await start({ MCP_AUTH_ISSUER: issuer.url, MCP_AUTH_AUDIENCE: AUDIENCE });
    const health = app.get(HealthRegistry);
    issuer.setUnavailable(true);
    expect((await health.report()).dependencies['auth']).toMatchObject({ status: 'down' });
    issuer.setUnavailable(false);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const up = { status: 'up', details: { known_keys: 1, confirmed_seconds_ago: 0 } };
    expect((await health.report()).dependencies['auth']).toMatchObject(up);
    issuer.setUnavailable(true);
    expect((await health.report()).dependencies['auth']).toMatchObject(up);
  });

  it('lets a process serve stdio with a principal from its environment and no issuer', async () => {
    await start({ MCP_STDIO_TENANT: 'acme', MCP_STDIO_SCOPES: 'payments:admin' });
    const principal = stdioPrincipal(app.get(Config).get(stdioPrincipalSettings), app.get(ScopeHierarchy));
    expect(principal).toMatchObject({ tenant: 'acme', subject: 'stdio' });
    expect(principal.scopes.has('payments:approve')).toBe(true);
    expect(() => app.get(TokenVerifier).assertConfigured()).toThrow('MCP_AUTH_ISSUER is not set');
    expect((await app.get(HealthRegistry).report()).dependencies).not.toHaveProperty('auth');
  });

  it('gets tokens of its own for other services', async () => {
    issuer.addClient({
      id: 'orders',
      secret: 's',
      tenant: 'acme',
      audiences: [AUDIENCE],
      scopes: ['payments:read'],
    });
    await start({ MCP_AUTH_ISSUER: issuer.url, MCP_AUTH_CLIENT_ID: 'orders', MCP_AUTH_CLIENT_SECRET: 's' });
    expect(await app.get(ServiceTokens).token(AUDIENCE, ['payments:read'], 'acme')).toMatch(/^ey/);
  });
});
