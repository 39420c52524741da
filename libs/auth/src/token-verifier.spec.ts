import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ConfigError } from '@gantry/config';
import { startIssuer, type TestIssuer } from '@gantry/testing';
import {
  AUDIENCE,
  inSeconds,
  refusal,
  resourceServer,
  tokenOf,
  type SaidToken,
} from '../test/resource-server.ts';
import type { TokenVerifier } from './token-verifier.ts';

const now = () => Math.floor(Date.now() / 1000);

describe('TokenVerifier', () => {
  let issuer: TestIssuer;
  let verifier: TokenVerifier;

  beforeEach(async () => {
    issuer = await startIssuer();
    ({ verifier } = resourceServer(issuer));
  });
  afterEach(() => issuer.close());

  const token = (options?: SaidToken) => tokenOf(issuer, options);

  describe('an acceptable token', () => {
    it('tells who calls, with what the granted scopes imply', async () => {
      const principal = await verifier.verify(
        await token({ subject: 'ada', client: 'agent-7', scopes: ['records:write', 'payments:approve'] }),
      );
      expect(principal).toEqual({
        tenant: 'acme',
        subject: 'ada',
        client: 'agent-7',
        scopes: new Set(['records:write', 'records:read', 'payments:approve']),
      });
      expect(Object.isFrozen(principal)).toBe(true);
    });

    it('may name several audiences', async () => {
      const audience = ['https://other.example.com', AUDIENCE];
      expect(await verifier.verify(await token({ audience }))).toMatchObject({ tenant: 'acme' });
    });

    it.each(['at+jwt', 'AT+JWT', 'application/at+jwt', 'JWT', undefined])(
      'may be of type %s',
      async (typ) => {
        expect(await verifier.verify(await token({ header: { typ } }))).toMatchObject({ tenant: 'acme' });
      },
    );

    it('may name its client in azp, and may have no scope, iat and nbf', async () => {
      const claims = {
        client_id: undefined,
        azp: 'portal',
        scope: undefined,
        iat: undefined,
        nbf: undefined,
      };
      const principal = await verifier.verify(await token({ claims }));
      expect(principal).toMatchObject({ client: 'portal', scopes: new Set() });
    });

    it('may name its tenant in any claim that is configured', async () => {
      const claims = { 'https://example.com/tenant': 'globex' };
      const { verifier: custom } = resourceServer(issuer, { tenantClaim: 'https://example.com/tenant' });
      expect(await custom.verify(await token({ claims }))).toMatchObject({ tenant: 'globex' });
    });

    it('may be off by the allowed clock skew', async () => {
      expect(await verifier.verify(await token({ expiresIn: -20 }))).toMatchObject({ tenant: 'acme' });
      const claims = { nbf: now() + 20, iat: now() + 20 };
      expect(await verifier.verify(await token({ claims }))).toMatchObject({ tenant: 'acme' });
    });

    it.each(['RS256', 'PS256', 'EdDSA'])('may be signed with %s', async (algorithm) => {
      const signer = await startIssuer({ algorithm });
      try {
        const signed = await signer.token({ audience: AUDIENCE, tenant: 'acme' });
        expect(await resourceServer(signer).verifier.verify(signed)).toMatchObject({ tenant: 'acme' });
      } finally {
        await signer.close();
      }
    });
  });

  describe('the Authorization header', () => {
    it.each(['Bearer', 'bearer', 'BEARER'])('may say %s', async (scheme) => {
      expect(await verifier.authenticate(`${scheme} ${await token()}`)).toMatchObject({ tenant: 'acme' });
    });

    it.each([undefined, '', 'Bearer', 'Bearer ', 'Basic YTpi', 'Bearer a b', 'Bearerx'])(
      '%j carries no token: a challenge without an error code',
      async (header) => {
        await expect(verifier.authenticate(header)).rejects.toMatchObject({
          code: 'missing',
          wwwAuthenticate: expect.stringMatching(
            /^Bearer resource_metadata="[^"]+", scope="records:read records:write"$/,
          ),
        });
      },
    );
  });

  describe('remembers', () => {
    it('verified tokens: many verifications, one fetch of keys', async () => {
      const tokens = await Promise.all(Array.from({ length: 20 }, () => token()));
      await Promise.all(tokens.flatMap((one) => [verifier.verify(one), verifier.verify(one)]));
      for (const one of tokens) await verifier.verify(one);
      expect(issuer.requests).toMatchObject({ metadata: 1, jwks: 1 });
    });

    it('the principal of a token, so that it is verified once', async () => {
      const one = await token();
      const verify = jest.spyOn(crypto.subtle, 'verify');
      try {
        const principals = [
          await verifier.verify(one),
          await verifier.verify(one),
          await verifier.verify(one),
        ];
        expect(new Set(principals).size).toBe(1);
        expect(verify).toHaveBeenCalledTimes(1);
      } finally {
        verify.mockRestore();
      }
    });

    it('no token beyond its life', async () => {
      const one = await token({ expiresIn: 60 });
      await verifier.verify(one);
      await inSeconds(91, async () => {
        expect(await refusal(verifier, one)).toMatchObject({ code: 'expired' });
      });
    });

    it('no token that was refused', async () => {
      const bad = await token({ tenant: '' });
      await refusal(verifier, bad);
      expect(await refusal(verifier, bad)).toMatchObject({ code: 'bad_claim' });
    });
  });

  describe('without configuration', () => {
    it('lists what serving HTTP needs', () => {
      const { verifier: none } = resourceServer(issuer, { issuer: undefined, audience: undefined });
      expect(() => none.assertConfigured()).toThrow(ConfigError);
      expect(() => none.assertConfigured()).toThrow(
        /MCP_AUTH_ISSUER is not set[\s\S]*MCP_AUTH_AUDIENCE is not set/,
      );
      expect(() => verifier.assertConfigured()).not.toThrow();
    });

    it.each([{ issuer: undefined }, { audience: undefined }])(
      'accepts no token at all (%j)',
      async (missing) => {
        const { verifier: none } = resourceServer(issuer, { jwksUrl: issuer.jwksUrl, ...missing });
        await expect(none.verify(await token())).rejects.toThrow(ConfigError);
      },
    );

    it('refuses an issuer over plain http, unless told that the network is closed', () => {
      const plain = { issuer: 'http://login.example.com', jwksUrl: 'http://login.example.com/jwks' };
      expect(() => resourceServer(issuer, plain).verifier.assertConfigured()).toThrow(
        /MCP_AUTH_ISSUER must use https[\s\S]*MCP_AUTH_JWKS_URL must use https/,
      );
      const { verifier: closed } = resourceServer(issuer, { ...plain, allowInsecureIssuer: true });
      expect(() => closed.assertConfigured()).not.toThrow();
    });
  });
});
