import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { GantryError } from '@gantry/errors';
import { startIssuer, type TestIssuer } from '@gantry/testing';
import { generateKeyPair } from 'jose';
import type { TokenVerifier } from '../src/token-verifier.ts';
import { AUDIENCE, refusal, resourceServer, tokenOf, type SaidToken } from './resource-server.ts';

const COOLDOWN_SECONDS = 0.05;
const cooldown = () => new Promise((resolve) => setTimeout(resolve, COOLDOWN_SECONDS * 1000 + 20));

describe('a resource server', () => {
  let issuer: TestIssuer;
  let verifier: TokenVerifier;

  beforeEach(async () => {
    issuer = await startIssuer();
    ({ verifier } = resourceServer(issuer));
  });
  afterEach(() => issuer.close());

  const token = (options?: SaidToken) => tokenOf(issuer, options);

  describe('when the issuer rotates its keys', () => {
    beforeEach(() => {
      ({ verifier } = resourceServer(issuer, { keysCooldownSeconds: COOLDOWN_SECONDS }));
    });

    it('learns the new key from the first token that names it', async () => {
      const former = await token();
      await verifier.verify(former);
      await issuer.rotate();
      await cooldown();
      expect(await verifier.verify(await token())).toMatchObject({ tenant: 'acme' });
      expect(await verifier.verify(former)).toMatchObject({ tenant: 'acme' });
      expect(issuer.requests.jwks).toBe(2);
    });

    it('forgets the tokens of a key that is no longer published, as soon as it knows', async () => {
      const former = await token();
      await verifier.verify(former);
      await issuer.rotate({ forgetFormer: true });
      await cooldown();
      await verifier.verify(await token());
      await cooldown();
      expect(await refusal(verifier, former)).toMatchObject({ code: 'unknown_key' });
    });

    it('asks no more than once per cool-down, however many unknown keys are named', async () => {
      ({ verifier } = resourceServer(issuer));
      await verifier.verify(await token());
      const forged = await Promise.all(
        Array.from({ length: 50 }, (_, index) => token({ header: { kid: `made-up-${index}` } })),
      );
      const errors = await Promise.all(forged.map((one) => refusal(verifier, one)));
      expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['unknown_key']));
      expect(issuer.requests.jwks).toBe(1);
    });

    it('finds the key of a token that names none, among all and among newer ones', async () => {
      const header = { kid: undefined };
      expect(await verifier.verify(await token({ header }))).toMatchObject({ tenant: 'acme' });
      await issuer.rotate();
      await cooldown();
      expect(await verifier.verify(await token({ header }))).toMatchObject({ tenant: 'acme' });
      expect(await verifier.verify(await token({ header, subject: 'second' }))).toMatchObject({
        subject: 'second',
      });
      const { privateKey } = await generateKeyPair('ES256');
      const foreign = await issuer.sign(header, { iss: issuer.url, aud: AUDIENCE, exp: 9e9 }, privateKey);
      expect(await refusal(verifier, foreign)).toMatchObject({ code: 'bad_signature' });
      expect(await refusal(verifier, await token({ header, expiresIn: -60 }))).toMatchObject({
        code: 'expired',
      });
    });
  });

  it('tries a bounded number of keys on a token that names none', async () => {
    for (let former = 0; former < 11; former += 1) await issuer.rotate();
    const { privateKey } = await generateKeyPair('ES256');
    const foreign = await issuer.sign(
      { kid: undefined },
      { iss: issuer.url, aud: AUDIENCE, exp: 9e9 },
      privateKey,
    );
    const verify = jest.spyOn(crypto.subtle, 'verify');
    try {
      expect(await refusal(verifier, foreign)).toMatchObject({ code: 'bad_signature' });
      expect(verify).toHaveBeenCalledTimes(8);
    } finally {
      verify.mockRestore();
    }
  });

  describe('when the issuer is away', () => {
    it('goes on with the keys it has', async () => {
      const server = resourceServer(issuer, { keysMaxAgeSeconds: 0, keysCooldownSeconds: 0 });
      await server.verifier.verify(await token());
      issuer.setUnavailable(true);
      expect(await server.verifier.verify(await token({ subject: 'ada' }))).toMatchObject({ subject: 'ada' });
      expect(issuer.requests.metadata).toBeGreaterThan(1);
    });

    it('does not call a token invalid that it cannot judge', async () => {
      issuer.setUnavailable(true);
      await expect(verifier.verify(await token())).rejects.toMatchObject({
        name: 'GantryError',
        code: 'dependency_unavailable',
        retryable: true,
        retryAfterSeconds: 5,
      });
    });

    it('does not call a token invalid whose key may be new', async () => {
      ({ verifier } = resourceServer(issuer, { keysCooldownSeconds: COOLDOWN_SECONDS }));
      await verifier.verify(await token());
      await issuer.rotate();
      await cooldown();
      issuer.setUnavailable(true);
      await expect(verifier.verify(await token())).rejects.toBeInstanceOf(GantryError);
    });
  });
});
