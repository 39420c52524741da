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
