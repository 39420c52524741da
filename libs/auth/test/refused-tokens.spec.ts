import { createPublicKey } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startIssuer, type TestIssuer } from '@gantry/testing';
import fc from 'fast-check';
import { base64url, exportJWK, generateKeyPair, type JWK } from 'jose';
import type { AuthenticationFailure } from '../src/authentication-error.ts';
import type { TokenVerifier } from '../src/token-verifier.ts';
import { AUDIENCE, refusal, resourceServer, tokenOf, type SaidToken } from './resource-server.ts';

const now = () => Math.floor(Date.now() / 1000);

describe('a resource server refuses', () => {
  let issuer: TestIssuer;
  let verifier: TokenVerifier;

  beforeEach(async () => {
    issuer = await startIssuer();
    ({ verifier } = resourceServer(issuer));
  });
  afterEach(() => issuer.close());

  const token = (options?: SaidToken) => tokenOf(issuer, options);

  const refused: [string, AuthenticationFailure, SaidToken][] = [
    ['another audience', 'wrong_audience', { audience: 'https://payments.example.com/mcp' }],
    ['other audiences', 'wrong_audience', { audience: ['https://a.example.com', `${AUDIENCE}/`] }],
    ['no audience', 'wrong_audience', { claims: { aud: undefined } }],
    ['another issuer', 'wrong_issuer', { claims: { iss: 'https://evil.example.com' } }],
    ['no issuer', 'wrong_issuer', { claims: { iss: undefined } }],
    ['an expired token', 'expired', { expiresIn: -31 }],
    ['a token that never expires', 'bad_claim', { claims: { exp: undefined } }],
    ['a token that is not valid yet', 'not_yet_valid', { claims: { nbf: now() + 300 } }],
    ['a token from the future', 'not_yet_valid', { claims: { iat: now() + 300 } }],
    ['an empty tenant', 'bad_claim', { tenant: '' }],
    ['a tenant with a space', 'bad_claim', { tenant: 'acme ' }],
    ['a tenant that is too long', 'bad_claim', { tenant: 'x'.repeat(129) }],
    ['a tenant that is not a string', 'bad_claim', { claims: { tenant: ['acme'] } }],
    ['no subject', 'bad_claim', { claims: { sub: undefined } }],
    ['a subject with NUL', 'bad_claim', { subject: 'ada\u0000' }],
    ['a subject with a lone surrogate', 'bad_claim', { subject: 'ada\ud800' }],
    ['a subject that is too long', 'bad_claim', { subject: 'x'.repeat(256) }],
    ['no client', 'bad_claim', { claims: { client_id: undefined } }],
    ['a client that is not a string', 'bad_claim', { claims: { client_id: 7, azp: 'portal' } }],
    ['scopes that are not a string', 'bad_claim', { claims: { scope: ['records:read'] } }],
    ['another type of JWT', 'not_an_access_token', { header: { typ: 'logout+jwt' } }],
    ['an ID token with a nonce', 'not_an_access_token', { header: { typ: 'JWT' }, claims: { nonce: 'n' } }],
    ['an ID token with at_hash', 'not_an_access_token', { header: { typ: 'JWT' }, claims: { at_hash: 'h' } }],
    ['an ID token by its typ claim', 'not_an_access_token', { claims: { typ: 'ID' } }],
    ['an ID token by its token_use claim', 'not_an_access_token', { claims: { token_use: 'id' } }],
  ];

  it.each(refused)('%s (%s)', async (_, code, options) => {
    const error = await refusal(verifier, await token(options));
    expect(error).toMatchObject({ status: 401, code });
    expect(error.wwwAuthenticate).toMatch(
      /^Bearer error="invalid_token", error_description="[^"]+", resource_metadata="/,
    );
    expect(error.wwwAuthenticate).toContain('scope="records:read records:write"');
    expect(error.wwwAuthenticate).toContain(`error_description="${error.message}"`);
  });

  it('no tenant', async () => {
    const { verifier: elsewhere } = resourceServer(issuer, { tenantClaim: 'organisation' });
    const error = await refusal(elsewhere, await token());
    expect(error).toMatchObject({
      code: 'bad_claim',
      message: 'The token has no acceptable organisation claim.',
    });
  });

  it('a token without a signature (alg: none)', async () => {
    const [, payload] = (await token()).split('.');
    const header = base64url.encode(JSON.stringify({ alg: 'none', typ: 'at+jwt' }));
    expect(await refusal(verifier, `${header}.${payload}.`)).toMatchObject({ code: 'algorithm_refused' });
  });

  it('a header extension that is critical and unknown', async () => {
    const [, payload, signature] = (await token()).split('.');
    const header = base64url.encode(JSON.stringify({ alg: 'ES256', typ: 'at+jwt', crit: ['x'], x: 1 }));
    expect(await refusal(verifier, `${header}.${payload}.${signature}`)).toMatchObject({
      code: 'malformed',
    });
  });

  it.each(['pem', 'jwk'] as const)('HS256 keyed with the public key (%s)', async (form) => {
    const [jwk] = issuer.publicJwks().keys as [JWK];
    const pem = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
    const secret = new TextEncoder().encode(form === 'pem' ? String(pem) : JSON.stringify(jwk));
    const forged = await issuer.sign(
      { alg: 'HS256', kid: jwk.kid },
      { iss: issuer.url, aud: AUDIENCE },
      secret,
    );
    expect(await refusal(verifier, forged)).toMatchObject({ code: 'algorithm_refused' });
  });

  it('a good algorithm that is not configured', async () => {
    const { verifier: strict } = resourceServer(issuer, { algorithms: ['EdDSA'] });
    expect(await refusal(strict, await token())).toMatchObject({ code: 'algorithm_refused' });
  });

  it.each(['nothing else', 'that key beside it'])(
    'the key id of the issuer with another signature and %s',
    async (extra) => {
      const { privateKey, publicKey } = await generateKeyPair('ES256');
      const jwk = extra === 'nothing else' ? undefined : await exportJWK(publicKey);
      const payload = {
        iss: issuer.url,
        aud: AUDIENCE,
        exp: now() + 60,
        sub: 's',
        client_id: 'c',
        tenant: 'acme',
      };
      const forged = await issuer.sign({ jwk }, payload, privateKey);
      expect(await refusal(verifier, forged)).toMatchObject({ code: 'bad_signature' });
    },
  );

  it.each(['', '.', '..', 'a.b', 'not a token', '{}'])('what is no JWT: %j', async (text) => {
    expect(await refusal(verifier, text)).toMatchObject({ code: 'malformed' });
  });

  it('a good token in another spelling', async () => {
    const good = await token();
    for (const spelling of [`${good}\n`, `${good}==`, ` ${good}`]) {
      expect(await refusal(verifier, spelling)).toMatchObject({ code: 'malformed' });
    }
  });

  it('a huge token, before looking at it', async () => {
    expect(await refusal(verifier, 'x'.repeat(8_193))).toMatchObject({ code: 'too_large' });
    expect(issuer.requests.jwks).toBe(0);
  });

  it('anything that is made of a good token, without a failure of its own and without telling what was in it', async () => {
    const good = await token({ subject: 'secret-subject' });
    // The last character carries unused bits, so that it alone has several spellings.
    const edit = fc.record({
      at: fc.nat(good.length - 2),
      text: fc.oneof(
        fc.constant(''),
        fc.string({ unit: 'binary', maxLength: 4 }),
        fc.constantFrom('.', '..', '=', 'A'),
      ),
    });
    await fc.assert(
      fc.asyncProperty(edit, async ({ at, text }) => {
        const bad = good.slice(0, at) + text + good.slice(at + 1);
        fc.pre(bad !== good);
        const error = await refusal(verifier, bad);
        expect(JSON.stringify(error) + error.message + error.wwwAuthenticate).not.toContain('secret-subject');
      }),
      { numRuns: 300 },
    );
  });
});
