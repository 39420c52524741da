import { sendRaw } from '@gantry/testing';
import assert from 'node:assert/strict';
import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { allScopes, goodToken, type AuthCheck, type AuthTarget } from './auth-check.ts';
import { assertUnauthorized } from './assert-challenge.ts';

/** A token that must not be accepted. */
interface BadToken {
  readonly name: string;
  readonly reference: string;
  readonly make: (target: AuthTarget) => Promise<string>;
}

const now = () => Math.floor(Date.now() / 1_000);

/** Claims of a good token. */
function claimsFor(target: AuthTarget) {
  return {
    iss: target.issuer.url,
    sub: 'mallory',
    aud: target.url,
    iat: now(),
    exp: now() + 300,
    client_id: 'conformance',
    scope: allScopes(target).join(' '),
    tenant: 'acme',
  };
}

/** A good token but for what is said to differ. */
function tokenWith(different: (target: AuthTarget) => object) {
  return (target: AuthTarget) => target.issuer.sign({}, { ...claimsFor(target), ...different(target) });
}

const publicKeyOf = ({ issuer }: AuthTarget) => issuer.publicJwks().keys[0]!;

const badTokens: readonly BadToken[] = [
  { name: 'not a JWT', reference: 'RFC 6750 §3.1', make: () => Promise.resolve('not-a-token') },
  {
    name: 'expired',
    reference: 'RFC 9068 §4',
    make: tokenWith(() => ({ iat: now() - 900, exp: now() - 600 })),
  },
  { name: 'without expiry', reference: 'RFC 9068 §2.2', make: tokenWith(() => ({ exp: undefined })) },
  { name: 'not valid yet', reference: 'RFC 7519 §4.1.5', make: tokenWith(() => ({ nbf: now() + 600 })) },
  {
    name: 'for another service',
    reference: 'RFC 8707',
    make: tokenWith(() => ({ aud: 'https://other.example/mcp' })),
  },
  {
    name: 'for a path below this one',
    reference: 'RFC 8707',
    make: tokenWith(({ url }) => ({ aud: `${url}/more` })),
  },
  {
    name: 'for the origin alone',
    reference: 'RFC 8707',
    make: tokenWith(({ url }) => ({ aud: new URL(url).origin })),
  },
  { name: 'without audience', reference: 'RFC 9068 §2.2', make: tokenWith(() => ({ aud: undefined })) },
  {
    name: 'that names another issuer',
    reference: 'RFC 9068 §4',
    make: tokenWith(({ stranger }) => ({ iss: stranger.url })),
  },
  { name: 'without subject', reference: 'RFC 9068 §2.2', make: tokenWith(() => ({ sub: undefined })) },
  { name: 'without tenant', reference: 'Gantry', make: tokenWith(() => ({ tenant: undefined })) },
  {
    name: 'that is an ID token',
    reference: 'RFC 9068 §4',
    make: tokenWith(() => ({ nonce: 'n', at_hash: 'h' })),
  },
  {
    name: 'of a stranger',
    reference: 'RFC 9068 §4',
    make: (target) => target.stranger.token({ audience: target.url, scopes: allScopes(target) }),
  },
  {
    name: 'of a stranger with the claims of the issuer',
    reference: 'RFC 9068 §4',
    make: (target) => target.stranger.sign({}, claimsFor(target)),
  },
  {
    name: 'of a stranger with the key id of the issuer',
    reference: 'RFC 9068 §4',
    make: (target) => target.stranger.sign({ kid: publicKeyOf(target).kid! }, claimsFor(target)),
  },
  {
    name: 'that brings its own key (jwk)',
    reference: 'RFC 8725 §3.10',
    make: (target) => target.stranger.sign({ jwk: target.stranger.publicJwks().keys[0]! }, claimsFor(target)),
  },
  {
    name: 'that says where its key is (jku)',
    reference: 'RFC 8725 §3.10',
    make: (target) => target.stranger.sign({ jku: target.stranger.jwksUrl }, claimsFor(target)),
  },
  {
    name: 'with alg none',
    reference: 'RFC 8725 §3.2',
    make: (target) => target.issuer.sign({ alg: 'none' }, claimsFor(target)),
  },
  {
    name: 'HS256 with the public key as PEM',
    reference: 'RFC 8725 §2.1',
    make: (target) => {
      const key = createPublicKey({ key: publicKeyOf(target) as JsonWebKey, format: 'jwk' });
      return signHs256(target, key.export({ type: 'spki', format: 'pem' }).toString());
    },
  },
  {
    name: 'HS256 with the public key as JWK',
    reference: 'RFC 8725 §2.1',
    make: (target) => signHs256(target, JSON.stringify(publicKeyOf(target))),
  },
  {
    name: 'with claims changed after it was signed',
    reference: 'RFC 7515 §5.2',
    make: async (target) => {
      const [header, , signature] = (await goodToken(target, [])).split('.');
      const claims = Buffer.from(JSON.stringify(claimsFor(target))).toString('base64url');
      return `${header}.${claims}.${signature}`;
    },
  },
  {
    name: 'without its signature',
    reference: 'RFC 7515 §5.2',
    make: async (target) => (await goodToken(target)).replace(/[^.]+$/, ''),
  },
];

function signHs256({ issuer, ...target }: AuthTarget, secret: string): Promise<string> {
  return issuer.sign({ alg: 'HS256' }, claimsFor({ issuer, ...target }), new TextEncoder().encode(secret));
}

/** 401 for each of them, with a challenge that says `invalid_token`. */
export const refusedTokens: readonly AuthCheck[] = badTokens.map(({ name, reference, make }) => ({
  name: `401: token ${name}`,
  reference,
  run: async (target) => {
    const answer = await sendRaw(target.url, await make(target));
    assertUnauthorized(target, answer, 'invalid_token');
  },
}));

/** Where else a token could be, or not. */
export const refusedRequests: readonly AuthCheck[] = [
  {
    name: '401: no token',
    reference: 'RFC 6750 §3.1',
    run: async (target) => assertUnauthorized(target, await sendRaw(target.url, undefined)),
  },
  {
    name: '401: no token, 2025-11-25',
    reference: 'RFC 6750 §3.1',
    run: async (target) => {
      const initialize = {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'c', version: '0' },
      };
      const answer = await sendRaw(target.url, undefined, {
        headers: { 'mcp-protocol-version': undefined, 'mcp-method': undefined },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: initialize }),
      });
      assertUnauthorized(target, answer);
    },
  },
  {
    name: '401: no token, server/discover',
    reference: 'MCP authorization',
    run: async (target) =>
      assertUnauthorized(target, await sendRaw(target.url, undefined, { method: 'server/discover' })),
  },
  {
    name: '401: no token, before the body is looked at',
    reference: 'MCP authorization',
    run: async (target) => assertUnauthorized(target, await sendRaw(target.url, undefined, { body: '{' })),
  },
  {
    name: '401: another scheme',
    reference: 'RFC 6750 §2.1',
    run: async (target) => {
      const authorization = `Basic ${Buffer.from('ada:secret').toString('base64')}`;
      assertUnauthorized(target, await sendRaw(target.url, undefined, { headers: { authorization } }));
    },
  },
  {
    name: '401: good token in the query string',
    reference: 'MCP authorization',
    run: async (target) => {
      const url = `${target.url}?access_token=${await goodToken(target)}`;
      assertUnauthorized(target, await sendRaw(url, undefined));
    },
  },
  {
    name: 'good token in a form is refused',
    reference: 'RFC 9700 §4.3.2',
    run: async (target) => {
      const answer = await sendRaw(target.url, undefined, {
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `access_token=${await goodToken(target)}`,
      });
      assert.ok([400, 401, 415].includes(answer.status), `HTTP ${answer.status}`);
    },
  },
  {
    name: '200: good token',
    reference: 'RFC 6750 §2.1',
    run: async (target) => {
      const answer = await sendRaw(target.url, await goodToken(target));
      assert.equal(answer.status, 200, `HTTP ${answer.status}`);
      assert.ok(answer.json.result?.['tools'], 'no list of tools');
    },
  },
  {
    name: '200: scheme in lower case',
    reference: 'RFC 9110 §11.1',
    run: async (target) => {
      const authorization = `bearer ${await goodToken(target)}`;
      const answer = await sendRaw(target.url, undefined, { headers: { authorization } });
      assert.equal(answer.status, 200, `HTTP ${answer.status}`);
      assert.ok(answer.json.result?.['tools'], 'no list of tools');
    },
  },
];
