import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CryptoKey, JSONWebKeySet, JWTHeaderParameters, JWTPayload } from 'jose';
import { SigningKeys } from './signing-keys.ts';
import { decideGrant, type IssuerClient } from './token-endpoint.ts';

/** What a token says. Everything has a default; further properties are claims, undefined removes one. */
export interface TokenOptions {
  readonly audience?: string | readonly string[];
  readonly scopes?: readonly string[];
  readonly tenant?: string;
  readonly subject?: string;
  readonly client?: string;
  /** Seconds until it expires; negative for a token that has expired. Default: 300. */
  readonly expiresIn?: number;
  /** Header parameters to set, over `alg`, `kid` and `typ`. */
  readonly header?: Partial<JWTHeaderParameters>;
  readonly [claim: string]: unknown;
}

/** How often each endpoint was asked. */
export interface IssuerRequests {
  metadata: number;
  jwks: number;
  token: number;
}

/** How an issuer differs from the default one. */
export interface IssuerOptions {
  /** Signature algorithm of its keys. Default: ES256. */
  readonly algorithm?: string;
  /** Claim that carries the tenant. Default: `tenant`. */
  readonly tenantClaim?: string;
  /** Default: a free port. */
  readonly port?: number;
}

/** An OAuth authorization server on loopback. Made by {@link startIssuer}. */
export interface TestIssuer {
  /** The issuer identifier, as in `iss`. */
  readonly url: string;
  readonly jwksUrl: string;
  readonly tokenUrl: string;
  /** Counts requests, so that a test can tell whether a client caches. */
  readonly requests: Readonly<IssuerRequests>;
  /** Makes an access token. */
  token(options?: TokenOptions): Promise<string>;
  /** Signs any header and payload, with the current key unless another is given: for forged tokens. */
  sign(
    header: Partial<JWTHeaderParameters>,
    payload: JWTPayload,
    key?: CryptoKey | Uint8Array,
  ): Promise<string>;
  /** Goes on with a new signing key. The key set keeps publishing the former ones unless told to forget them. */
  rotate(options?: { forgetFormer?: boolean }): Promise<void>;
  /** The public keys, as the JWKS endpoint gives them. */
  publicJwks(): JSONWebKeySet;
  /** Lets a client use the client credentials grant at the token endpoint. */
  addClient(client: IssuerClient): void;
  /** Makes every endpoint answer 503, or answer properly again. */
  setUnavailable(unavailable: boolean): void;
  close(): Promise<void>;
}

const LIFETIME_SECONDS = 300;
const METADATA_PATHS = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'];

/**
 * Starts an authorization server: RFC 8414 metadata, a key set, and client credentials at a token endpoint.
 *
 * @example
 * ```ts
 * const issuer = await startIssuer();
 * const token = await issuer.token({ audience: 'https://records.test', scopes: ['records:read'], tenant: 'acme' });
 * ```
 */
export async function startIssuer(options: IssuerOptions = {}): Promise<TestIssuer> {
  const { algorithm = 'ES256', tenantClaim = 'tenant', port = 0 } = options;
  const keys = await SigningKeys.generate(algorithm);
  const clients = new Map<string, IssuerClient>();
  const requests: IssuerRequests = { metadata: 0, jwks: 0, token: 0 };
  let unavailable = false;

  const server = createServer((request, response) => {
    answer(request, response).catch(() => reply(response, 500, { error: 'server_error' }));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const metadata = {
    issuer: url,
    jwks_uri: `${url}/jwks`,
    token_endpoint: `${url}/token`,
    grant_types_supported: ['client_credentials'],
    response_types_supported: [],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', url);
    const endpoint = METADATA_PATHS.includes(pathname) ? 'metadata' : pathname.slice(1);
    if (endpoint !== 'metadata' && endpoint !== 'jwks' && endpoint !== 'token') {
      return reply(response, 404, { error: 'not_found' });
    }
    requests[endpoint] += 1;
    if (unavailable) return reply(response, 503, { error: 'temporarily_unavailable' });
    if (endpoint === 'metadata') return reply(response, 200, metadata);
    if (endpoint === 'jwks') return reply(response, 200, keys.publicJwks());
    const grant = await decideGrant(request, clients);
    if ('error' in grant) return reply(response, grant.status, { error: grant.error });
    const { client, tenant, audience, scopes } = grant;
    reply(response, 200, {
      access_token: await token({
        audience,
        scopes,
        tenant,
        subject: client.id,
        client: client.id,
      }),
      token_type: 'Bearer',
      expires_in: LIFETIME_SECONDS,
      scope: scopes.join(' '),
    });
  }

  function token(options: TokenOptions = {}): Promise<string> {
    const {
      audience = 'test-audience',
      scopes = [],
      tenant = 'test-tenant',
      subject = 'test-subject',
      client = 'test-client',
      expiresIn = LIFETIME_SECONDS,
      header = {},
      ...overrides
    } = options;
    const now = Math.floor(Date.now() / 1000);
    const issuedAt = Math.min(now, now + expiresIn - 1);
    return keys.sign(header, {
      iss: url,
      sub: subject,
      aud: audience as string | string[],
      iat: issuedAt,
      nbf: issuedAt,
      exp: now + expiresIn,
      jti: randomUUID(),
      client_id: client,
      scope: scopes.join(' '),
      [tenantClaim]: tenant,
      ...overrides,
    });
  }

  return {
    url,
    jwksUrl: metadata.jwks_uri,
    tokenUrl: metadata.token_endpoint,
    requests,
    token,
    sign: (header, payload, key) => keys.sign(header, payload, key),
    rotate: ({ forgetFormer = false } = {}) => keys.rotate(forgetFormer),
    publicJwks: () => keys.publicJwks(),
    addClient: (client) => void clients.set(client.id, client),
    setUnavailable: (value) => void (unavailable = value),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
