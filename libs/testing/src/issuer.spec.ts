import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { startIssuer, type TestIssuer } from './issuer.ts';

const AUDIENCE = 'https://records.test';

describe('the test issuer', () => {
  let issuer: TestIssuer;

  beforeEach(async () => {
    issuer = await startIssuer();
  });
  afterEach(() => issuer.close());

  const verify = (token: string) =>
    jwtVerify(token, createRemoteJWKSet(new URL(issuer.jwksUrl)), { issuer: issuer.url, audience: AUDIENCE });

  it('makes tokens that verify against its key set', async () => {
    const token = await issuer.token({
      audience: AUDIENCE,
      scopes: ['records:read', 'records:write'],
      tenant: 'acme',
      subject: 'alice',
      client: 'agent',
    });
    const { payload, protectedHeader } = await verify(token);
    expect(protectedHeader.alg).toBe('ES256');
    expect(payload).toMatchObject({
      iss: issuer.url,
      sub: 'alice',
      client_id: 'agent',
      scope: 'records:read records:write',
      tenant: 'acme',
    });
    expect(payload.exp! - payload.iat!).toBe(300);
    expect(payload.nbf).toBe(payload.iat);
  });

  it('makes expired tokens, sets and removes claims and header parameters', async () => {
    await expect(verify(await issuer.token({ audience: AUDIENCE, expiresIn: -60 }))).rejects.toThrow('"exp"');
    const odd = await issuer.token({
      nbf: 9_999_999_999,
      groups: ['a'],
      sub: undefined,
      header: { typ: 'JWT' },
    });
    expect(decodeJwt(odd)).toMatchObject({ nbf: 9_999_999_999, groups: ['a'] });
    expect(decodeJwt(odd)).not.toHaveProperty('sub');
    expect(decodeProtectedHeader(odd).typ).toBe('JWT');
  });

  it('publishes the same metadata under both well-known names', async () => {
    const [oauth, openid] = await Promise.all(
      ['oauth-authorization-server', 'openid-configuration'].map(async (name) =>
        (await fetch(`${issuer.url}/.well-known/${name}`)).json(),
      ),
    );
    expect(oauth).toMatchObject({
      issuer: issuer.url,
      jwks_uri: issuer.jwksUrl,
      token_endpoint: issuer.tokenUrl,
    });
    expect(openid).toEqual(oauth);
    expect((await fetch(`${issuer.url}/elsewhere`)).status).toBe(404);
  });

  it('counts requests', async () => {
    await fetch(issuer.jwksUrl);
    await fetch(issuer.jwksUrl);
    await fetch(`${issuer.url}/.well-known/openid-configuration`);
    expect(issuer.requests).toEqual({ metadata: 1, jwks: 2, token: 0 });
  });

  it('rotates: old tokens stay valid until the former key is forgotten', async () => {
    const before = await issuer.token({ audience: AUDIENCE });
    await issuer.rotate();
    const after = await issuer.token({ audience: AUDIENCE });
    expect(decodeProtectedHeader(after).kid).not.toBe(decodeProtectedHeader(before).kid);
    await verify(before);
    await verify(after);
    await issuer.rotate({ forgetFormer: true });
    await expect(verify(before)).rejects.toThrow('no applicable key');
    expect(issuer.publicJwks().keys).toHaveLength(1);
  });

  it('signs forged tokens: no signature, and a symmetric one made with the public key', async () => {
    const claims = { iss: issuer.url, aud: AUDIENCE };
    const unsigned = await issuer.sign({ alg: 'none' }, claims);
    expect(unsigned.split('.')[2]).toBe('');
    const publicKey = new TextEncoder().encode(JSON.stringify(issuer.publicJwks().keys[0]));
    const symmetric = await issuer.sign({ alg: 'HS256' }, claims, publicKey);
    expect((await jwtVerify(symmetric, publicKey)).payload).toMatchObject(claims);
    for (const forged of [unsigned, symmetric]) await expect(verify(forged)).rejects.toThrow();
  });

  it('publishes no private key', async () => {
    const { keys } = (await (await fetch(issuer.jwksUrl)).json()) as { keys: object[] };
    expect(keys[0]).not.toHaveProperty('d');
  });

  it('can be unavailable for a while', async () => {
    issuer.setUnavailable(true);
    expect((await fetch(issuer.jwksUrl)).status).toBe(503);
    issuer.setUnavailable(false);
    expect((await fetch(issuer.jwksUrl)).status).toBe(200);
  });

  it('takes another algorithm and tenant claim', async () => {
    const other = await startIssuer({ algorithm: 'EdDSA', tenantClaim: 'org' });
    const token = await other.token({ tenant: 'acme' });
    expect(decodeProtectedHeader(token).alg).toBe('EdDSA');
    expect(decodeJwt(token)).toMatchObject({ org: 'acme' });
    await other.close();
  });

  describe('token endpoint', () => {
    beforeEach(() => {
      issuer.addClient({
        id: 'orders',
        secret: 's3cret:%',
        tenant: 'acme',
        audiences: [AUDIENCE],
        scopes: ['records:read', 'records:write'],
      });
    });

    async function ask(form: Record<string, string>, headers: Record<string, string> = {}) {
      const body = new URLSearchParams({ grant_type: 'client_credentials', resource: AUDIENCE, ...form });
      const response = await fetch(issuer.tokenUrl, { method: 'POST', body, headers });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    }
    const identified = { client_id: 'orders', client_secret: 's3cret:%' };

    it('gives a client a token in its own name', async () => {
      const { status, body } = await ask({ ...identified, scope: 'records:read' });
      expect(status).toBe(200);
      expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 300, scope: 'records:read' });
      const { payload } = await verify(String(body['access_token']));
      expect(payload).toMatchObject({
        sub: 'orders',
        client_id: 'orders',
        tenant: 'acme',
        scope: 'records:read',
      });
    });

    it('takes Basic authentication and gives all scopes when none is named', async () => {
      const basic = Buffer.from(`orders:${encodeURIComponent('s3cret:%')}`).toString('base64');
      const { body } = await ask({}, { authorization: `Basic ${basic}` });
      expect(body).toMatchObject({ scope: 'records:read records:write' });
    });

    it.each([
      ['a wrong secret', { ...identified, client_secret: 'guess' }, 401, 'invalid_client'],
      ['no client', {}, 401, 'invalid_client'],
      ['another grant', { ...identified, grant_type: 'password' }, 400, 'unsupported_grant_type'],
      ['a foreign audience', { ...identified, resource: 'https://other.test' }, 400, 'invalid_target'],
      ['a scope it does not have', { ...identified, scope: 'records:admin' }, 400, 'invalid_scope'],
    ])('refuses %s', async (_, form, status, error) => {
      expect(await ask(form as Record<string, string>)).toEqual({ status, body: { error } });
    });

    it('answers 500 instead of hanging on a malformed request', async () => {
      const basic = Buffer.from('%:x').toString('base64');
      expect(await ask({}, { authorization: `Basic ${basic}` })).toMatchObject({ status: 500 });
    });
  });
});
