import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JSONWebKeySet } from 'jose';
import { ORDERS, RECORDS, RunningAuthorization } from './running-authorization.ts';

let server: RunningAuthorization;

beforeAll(async () => {
  server = await RunningAuthorization.start();
});

afterAll(() => server.stop());

const demoToken = (scope: string, resource = RECORDS) =>
  server.token({ grant_type: 'client_credentials', scope, resource }, 'gantry-demo:s3cret');

describe('metadata', () => {
  it('tells clients what they may do, and never shows a private key', async () => {
    const metadata = await server.metadata();
    expect(metadata).toMatchObject({
      issuer: server.issuer,
      authorization_endpoint: `${server.issuer}/auth`,
      token_endpoint: `${server.issuer}/token`,
      code_challenge_methods_supported: ['S256'],
      client_id_metadata_document_supported: true,
    });
    expect(metadata).not.toHaveProperty('registration_endpoint');
    const { keys } = (await (await fetch(`${server.issuer}/jwks`)).json()) as JSONWebKeySet;
    expect(keys).toHaveLength(1);
    expect(keys[0]).not.toHaveProperty('d');
  });

  it('answers only under its own name', async () => {
    const status = await new Promise((resolve) => {
      httpRequest(
        {
          port: server.port,
          host: '127.0.0.1',
          path: '/jwks',
          headers: { host: `evil.example:${server.port}` },
        },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        },
      ).end();
    });
    expect(status).toBe(421);
  });
});

describe('client credentials', () => {
  it('gives a token for one service, with the tenant of the client', async () => {
    const { status, body } = await demoToken('records:read records:write');
    expect(status).toBe(200);
    const claims = await server.verify(body.access_token, RECORDS);
    expect(claims).toMatchObject({
      sub: 'gantry-demo',
      client_id: 'gantry-demo',
      aud: RECORDS,
      scope: 'records:read records:write',
      tenant: 'demo',
    });
    expect(claims.nbf).toBe(claims.iat);
    await expect(server.verify(body.access_token, ORDERS)).rejects.toThrow(/aud/);
    expect(server.log.join('\n')).toContain('token gantry-demo client_credentials');
    expect(server.log.join('\n')).not.toContain(body.access_token);
  });

  it.each([
    [
      'a wrong secret',
      () => server.token({ grant_type: 'client_credentials', resource: RECORDS }, 'gantry-demo:nope'),
      'invalid_client',
    ],
    ['a scope that the client may not have', () => demoToken('records:admin'), 'invalid_scope'],
    ['an unknown service', () => demoToken('records:read', 'http://127.0.0.1:1/mcp'), 'invalid_target'],
    [
      'no service at all',
      () => server.token({ grant_type: 'client_credentials', scope: 'records:read' }, 'gantry-demo:s3cret'),
      'invalid_target',
    ],
  ])('refuses %s', async (_what, ask, error) => {
    const { status, body } = await ask();
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body.error).toBe(error);
    expect(body).not.toHaveProperty('access_token');
  });

  it('still vouches after a restart for the tokens it gave before', async () => {
    const { body } = await demoToken('records:read');
    await server.restart();
    await expect(server.verify(body.access_token, RECORDS)).resolves.toMatchObject({ tenant: 'demo' });
  });

  it('says which services there are to one that named none', async () => {
    const { body } = await server.token({ grant_type: 'client_credentials' }, 'gantry-demo:s3cret');
    expect(body.error_description).toContain(RECORDS);
  });
});

describe('a client that acts for every tenant', () => {
  const ordersToken = (form: Record<string, string>) =>
    server.token(
      { grant_type: 'client_credentials', resource: RECORDS, scope: 'records:write', ...form },
      'gantry-orders:0rders',
    );

  it('gets a token of the tenant that it asks for, in its own name', async () => {
    for (const tenant of ['demo', 'acme']) {
      const { status, body } = await ordersToken({ tenant });
      expect(status).toBe(200);
      expect(await server.verify(body.access_token, RECORDS)).toMatchObject({
        sub: 'gantry-orders',
        scope: 'records:write',
        tenant,
      });
    }
    expect(server.log.join('\n')).toContain('token gantry-orders client_credentials');
  });

  it.each([
    ['of no tenant', {}, 'invalid_request'],
    ['of what is not written like a tenant', { tenant: 'Acme Inc.' }, 'invalid_request'],
    [
      'for a service of which it has no scope',
      { tenant: 'acme', resource: ORDERS, scope: '' },
      'invalid_target',
    ],
    ['with a scope beyond its own', { tenant: 'acme', scope: 'records:admin' }, 'invalid_scope'],
  ])('gets no token %s', async (_what, form, error) => {
    const { status, body } = await ordersToken(form);
    expect(status).toBe(400);
    expect(body.error).toBe(error);
    expect(body).not.toHaveProperty('access_token');
  });

  it('gets none of two tenants at once', async () => {
    const { status, body } = await server.token(
      [
        ['grant_type', 'client_credentials'],
        ['resource', RECORDS],
        ['tenant', 'acme'],
        ['tenant', 'demo'],
      ],
      'gantry-orders:0rders',
    );
    expect(status).toBe(400);
    expect(body.error_description).toContain('"tenant"');
  });

  it('differs from one that has a tenant, which is refused another', async () => {
    const form = { grant_type: 'client_credentials', resource: RECORDS, scope: 'records:read' };
    const { status, body } = await server.token({ ...form, tenant: 'acme' }, 'gantry-demo:s3cret');
    expect(status).toBe(400);
    expect(body).toMatchObject({
      error: 'invalid_request',
      error_description: expect.stringContaining('demo'),
    });
    expect((await server.token({ ...form, tenant: 'demo' }, 'gantry-demo:s3cret')).status).toBe(200);
  });
});
