import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigError, Secret } from '@gantry/config';
import { startIssuer, type TestIssuer } from '@gantry/testing';
import { decodeJwt, UnsecuredJWT } from 'jose';
import { http, inSeconds, listen, settingsFor } from '../test/resource-server.ts';
import { ServiceTokens } from './service-tokens.ts';

const PAYMENTS = 'https://payments.example.com/mcp';
const RECORDS = 'https://records.example.com/mcp';

/** Characters that a secret may have and that mean something to form encoding and to Basic. */
const SECRET = 'a:b+c%20d&e=f/ü';

/** What a token has to be for whoever asks for it. */
const ACCESS_TOKEN = new UnsecuredJWT({ tenant: 'acme' }).encode();

describe('ServiceTokens', () => {
  let issuer: TestIssuer;
  let clientSecret: Secret;
  let tokens: ServiceTokens;

  beforeEach(async () => {
    issuer = await startIssuer();
    issuer.addClient({
      id: 'orders service',
      secret: SECRET,
      tenant: 'acme',
      audiences: [PAYMENTS, RECORDS],
      scopes: ['payments:read', 'payments:write', 'records:write'],
    });
    clientSecret = Secret.of(SECRET);
    tokens = new ServiceTokens(settingsFor(issuer, { clientId: 'orders service', clientSecret }), http);
  });
  afterEach(() => issuer.close());

  it('are for one audience and the scopes asked for', async () => {
    const token = await tokens.token(PAYMENTS, ['payments:write', 'payments:read'], 'acme');
    expect(decodeJwt(token)).toMatchObject({
      aud: PAYMENTS,
      scope: 'payments:write payments:read',
      client_id: 'orders service',
    });
  });

  it('are fetched once, however many ask at once and in whatever order the scopes are named', async () => {
    const asked = Array.from({ length: 20 }, (_, index) =>
      tokens.token(
        PAYMENTS,
        index % 2 ? ['payments:read', 'payments:write'] : ['payments:write', 'payments:read'],
        'acme',
      ),
    );
    expect(new Set(await Promise.all(asked)).size).toBe(1);
    await tokens.token(PAYMENTS, ['payments:write', 'payments:read'], 'acme');
    expect(issuer.requests.token).toBe(1);
  });

  it('are kept apart by audience and scopes', async () => {
    const different = [
      tokens.token(PAYMENTS, ['payments:read'], 'acme'),
      tokens.token(PAYMENTS, ['payments:write'], 'acme'),
      tokens.token(RECORDS, ['records:write'], 'acme'),
    ];
    expect(new Set(await Promise.all(different)).size).toBe(3);
    expect(issuer.requests.token).toBe(3);
  });

  it('are renewed shortly before they expire', async () => {
    const first = await tokens.token(PAYMENTS, ['payments:read'], 'acme');
    await inSeconds(265, async () =>
      expect(await tokens.token(PAYMENTS, ['payments:read'], 'acme')).toBe(first),
    );
    await inSeconds(275, async () =>
      expect(await tokens.token(PAYMENTS, ['payments:read'], 'acme')).not.toBe(first),
    );
  });

  it('are fetched anew after the callee refused one, once for all calls that failed with it', async () => {
    const first = await tokens.token(PAYMENTS, ['payments:read'], 'acme');
    const records = await tokens.token(RECORDS, ['records:write'], 'acme');
    tokens.invalidate(PAYMENTS, first);
    const second = tokens.token(PAYMENTS, ['payments:read'], 'acme');
    tokens.invalidate(PAYMENTS, first);
    tokens.invalidate(PAYMENTS);
    expect(await tokens.token(PAYMENTS, ['payments:read'], 'acme')).toBe(await second);
    tokens.invalidate(PAYMENTS, first);
    expect(await tokens.token(PAYMENTS, ['payments:read'], 'acme')).toBe(await second);
    expect(await second).not.toBe(first);
    expect(await tokens.token(RECORDS, ['records:write'], 'acme')).toBe(records);
    tokens.invalidate(PAYMENTS);
    expect(await tokens.token(PAYMENTS, ['payments:read'], 'acme')).not.toBe(await second);
  });

  it('are asked for with the secret as it is now', async () => {
    clientSecret.rotate('no longer right');
    await expect(tokens.token(PAYMENTS, [], 'acme')).rejects.toMatchObject({ code: 'internal_error' });
    clientSecret.rotate(SECRET);
    expect(decodeJwt(await tokens.token(PAYMENTS, [], 'acme'))).toMatchObject({ aud: PAYMENTS });
  });

  it('are not had while the issuer is away; the next call tries again', async () => {
    issuer.setUnavailable(true);
    const both = await Promise.allSettled([
      tokens.token(PAYMENTS, [], 'acme'),
      tokens.token(PAYMENTS, [], 'acme'),
    ]);
    for (const one of both) {
      expect(one).toMatchObject({
        status: 'rejected',
        reason: { code: 'dependency_unavailable', retryAfterSeconds: 5 },
      });
    }
    issuer.setUnavailable(false);
    expect(await tokens.token(PAYMENTS, [], 'acme')).toBeDefined();
  });

  it('are refused by the issuer for good reasons that no retry mends and no caller sees', async () => {
    const error: unknown = await tokens
      .token('https://unknown.example.com', [], 'acme')
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'internal_error',
      retryable: false,
      message: 'This service was refused a token for a service that this call needs.',
      cause: { message: 'The token endpoint answered 400 invalid_target.' },
    });
  });

  it('act for the tenant they are asked for, if the issuer knows how', async () => {
    issuer.addClient({
      id: 'orders service',
      secret: SECRET,
      tenant: 'acme',
      tenants: ['globex'],
      audiences: [PAYMENTS],
      scopes: [],
    });
    const settings = { clientId: 'orders service', clientSecret, tenantParameter: 'tenant' };
    const asking = new ServiceTokens(settingsFor(issuer, settings), http);
    for (const tenant of ['acme', 'globex'])
      expect(decodeJwt(await asking.token(PAYMENTS, [], tenant))).toMatchObject({ tenant });
    expect(issuer.requests.token).toBe(2);
    await expect(asking.token(PAYMENTS, [], 'initech')).rejects.toMatchObject({ code: 'internal_error' });
  });

  it('are not used if they act for another tenant', async () => {
    await expect(tokens.token(PAYMENTS, [], 'globex')).rejects.toMatchObject({
      code: 'internal_error',
      retryable: false,
      cause: { message: expect.stringContaining('MCP_AUTH_TENANT_PARAMETER') },
    });
  });

  it('need credentials', async () => {
    const none = new ServiceTokens(settingsFor(issuer, { clientId: undefined }), http);
    await expect(none.token(PAYMENTS, [], 'acme')).rejects.toThrow(ConfigError);
    await expect(none.token(PAYMENTS, [], 'acme')).rejects.toThrow(
      /MCP_AUTH_CLIENT_ID is not set[\s\S]*MCP_AUTH_CLIENT_SECRET is not set/,
    );
    const issuerless = new ServiceTokens(
      { ...settingsFor(issuer), issuer: undefined, clientId: 'a', clientSecret },
      http,
    );
    await expect(issuerless.token(PAYMENTS, [], 'acme')).rejects.toThrow('MCP_AUTH_ISSUER is not set');
  });

  describe('from an issuer with ways of its own', () => {
    let close: () => Promise<void>;
    let form: URLSearchParams;
    let authorization: string | undefined;
    afterEach(() => close());

    /** An issuer whose token endpoint gives this answer. */
    async function peculiar(metadata: object, status: number, answer: object) {
      const server = await listen((request, response) => {
        if (request.url === '/token') {
          authorization = request.headers.authorization;
          let body = '';
          request.on('data', (chunk) => (body += chunk));
          request.on('end', () => {
            form = new URLSearchParams(body);
            response.writeHead(status).end(JSON.stringify(answer));
          });
        } else {
          response.end(
            JSON.stringify({ issuer: server.url, token_endpoint: `${server.url}/token`, ...metadata }),
          );
        }
      });
      close = server.close;
      return new ServiceTokens(settingsFor(server, { clientId: 'orders service', clientSecret }), http);
    }

    it('the client names itself in the form if the issuer does not take Basic', async () => {
      const post = { token_endpoint_auth_methods_supported: ['client_secret_post'] };
      const client = await peculiar(post, 200, {
        access_token: ACCESS_TOKEN,
        token_type: 'bearer',
        expires_in: '3600',
      });
      expect(await client.token(PAYMENTS, ['payments:read'], 'acme')).toBe(ACCESS_TOKEN);
      expect(authorization).toBeUndefined();
      expect(Object.fromEntries(form)).toEqual({
        grant_type: 'client_credentials',
        resource: PAYMENTS,
        scope: 'payments:read',
        client_id: 'orders service',
        client_secret: SECRET,
      });
    });

    it('a token of unknown life is used for less than a minute', async () => {
      const client = await peculiar({}, 200, { access_token: ACCESS_TOKEN, token_type: 'Bearer' });
      await client.token(PAYMENTS, [], 'acme');
      form = new URLSearchParams();
      await inSeconds(29, async () => void (await client.token(PAYMENTS, [], 'acme')));
      expect(form.size).toBe(0);
      await inSeconds(31, async () => void (await client.token(PAYMENTS, [], 'acme')));
      expect(form.size).toBe(2);
    });

    it.each([
      [
        'a token that is no bearer token',
        {},
        200,
        { access_token: ACCESS_TOKEN, token_type: 'DPoP' },
        'internal_error',
      ],
      ['no token', {}, 200, {}, 'internal_error'],
      [
        'a token that does not say its tenant',
        {},
        200,
        { access_token: 'opaque', token_type: 'Bearer' },
        'internal_error',
      ],
      ['an error without a name', {}, 403, {}, 'internal_error'],
      ['too many requests', {}, 429, {}, 'dependency_unavailable'],
      ['a failure', {}, 500, {}, 'dependency_unavailable'],
      ['no token endpoint', { token_endpoint: undefined }, 200, {}, 'dependency_unavailable'],
    ])('%s is an error', async (_, metadata, status, answer, code) => {
      const client = await peculiar(metadata, status, answer);
      await expect(client.token(PAYMENTS, [], 'acme')).rejects.toMatchObject({ code });
    });
  });
});
