import { createPublicKey, type KeyObject } from 'node:crypto';
import { ATTACKER, claimsFor, VICTIM } from '../fleet/principals.ts';
import type { Trial } from '../session.ts';
import { TRAVERSALS } from '../fuzz/hostile-values.ts';
import type { Answer } from '../wire/input.ts';
import { ATTACKERS, ATTACKERS_JWK, compact, encoded, hmac, Lure } from './forging.ts';
import { hasStatus, some, type Arena, type Attack } from './attack.ts';

const FAMILY = 'jwt';
/** More than are remembered would take too long; enough for memory and the issuer to show it. */
const FLOOD = 1_500;
/** Of the issuer's keys, while made-up ones are named: one in ten seconds, and the run is longer than that. */
const MAX_KEY_FETCHES_A_SECOND = 0.5;

/** Tokens that nobody has issued, or not for this, or not for now. */
export const jwtConfusion: Attack = {
  name: FAMILY,
  async run(arena) {
    const { session, fleet } = arena;
    const lure = await Lure.start();
    const since = performance.now();
    const fetched = fleet.issuer.requests.jwks;
    try {
      await session.sendAll(bearing(arena, forged(arena, lure.url)));
      await session.sendAll(bearing(arena, await misissued(arena)));
      await session.sendAll(bearing(arena, strange(arena)));
      await session.sendAll(some(arena, flood(arena)));
    } finally {
      await lure.close();
    }
    if (lure.visits > 0)
      session.score.find(
        'wrong',
        `keys were fetched from where a token said (${lure.visits})`,
        undefined,
        FAMILY,
      );
    const perSecond = (fleet.issuer.requests.jwks - fetched - 1) / ((performance.now() - since) / 1_000);
    if (perSecond > MAX_KEY_FETCHES_A_SECOND)
      session.score.find(
        'wrong',
        `made-up key ids had the issuer asked ${perSecond.toFixed(1)} times a second`,
        undefined,
        FAMILY,
      );
    await session.sendAll(some(arena, await goodTokens(arena)));
  },
};

type Named = readonly [what: string, token: string];

/** What a good token would say. */
function goodClaims({ session, fleet }: Arena) {
  const { audience, scopes, subject, tenant, client } = claimsFor(
    session.subject.name,
    session.service.url,
    VICTIM,
  );
  const now = Math.floor(Date.now() / 1_000);
  const claims = {
    iss: fleet.issuer.url,
    sub: subject,
    aud: audience,
    client_id: client,
    scope: scopes.join(' '),
    tenant,
  };
  return { ...claims, iat: now - 10, nbf: now - 10, exp: now + 3_600 };
}

function* forged(arena: Arena, lure: string): Generator<Named> {
  const [jwk] = arena.fleet.issuer.publicJwks().keys as [{ kid: string }];
  const { kid } = jwk;
  const claims = goodClaims(arena);
  const by = (key: KeyObject | undefined, header: object, payload: object = claims) =>
    compact({ alg: 'ES256', typ: 'at+jwt', kid, ...header }, payload, key);
  for (const alg of ['none', 'None', 'NONE', 'nOnE', '', ' none', null, 0, ['none'], { alg: 'none' }])
    yield [`alg ${JSON.stringify(alg)}`, by(undefined, { alg })];
  // The public key as the secret of an HMAC, in every way in which it may be written.
  const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
  const secrets: [string, string | Buffer][] = [
    ['PEM', publicKey.export({ type: 'spki', format: 'pem' })],
    ['PEM without its last line feed', String(publicKey.export({ type: 'spki', format: 'pem' })).trimEnd()],
    ['DER', publicKey.export({ type: 'spki', format: 'der' })],
    ['JWK', JSON.stringify(jwk)],
    ['nothing', ''],
    ['NUL', '\0'],
  ];
  for (const [what, secret] of secrets)
    for (const alg of ['HS256', 'HS384', 'HS512'])
      yield [`${alg} with the public key as ${what}`, hmac({ alg, typ: 'at+jwt', kid }, claims, secret)];
  yield ["an attacker's key", by(ATTACKERS.privateKey, {})];
  yield ["an attacker's key without kid", by(ATTACKERS.privateKey, { kid: undefined })];
  yield [
    "an attacker's key, brought along",
    by(ATTACKERS.privateKey, { kid: 'attackers', jwk: ATTACKERS_JWK }),
  ];
  yield [
    "an attacker's key, brought along without kid",
    by(ATTACKERS.privateKey, { kid: undefined, jwk: ATTACKERS_JWK }),
  ];
  for (const name of ['jku', 'x5u'])
    yield [`keys at a URL (${name})`, by(ATTACKERS.privateKey, { kid: 'attackers', [name]: lure })];
  yield ['a certificate', by(ATTACKERS.privateKey, { x5c: ['MIIB'], x5t: 'a' })];
  yield [
    'another issuer, with its keys',
    by(ATTACKERS.privateKey, { kid: 'attackers' }, { ...claims, iss: lure }),
  ];
  for (const other of [
    ...TRAVERSALS,
    lure,
    "' UNION SELECT 'x' --",
    '/dev/null',
    '__proto__',
    'constructor',
    '',
    '\0',
    'x'.repeat(4_000),
    null,
    1,
    [kid],
    { kid },
  ])
    yield [`kid ${JSON.stringify(other).slice(0, 40)}`, by(ATTACKERS.privateKey, { kid: other })];
  yield ['an extension that must be known', by(ATTACKERS.privateKey, { crit: ['exp'], exp: claims.exp })];
  yield ['an unencoded payload', by(ATTACKERS.privateKey, { crit: ['b64'], b64: false })];
  const text = by(ATTACKERS.privateKey, {});
  const [head, body] = text.split('.');
  for (const [what, bytes] of Object.entries({
    zeros: Buffer.alloc(64),
    nothing: Buffer.alloc(0),
    ones: Buffer.alloc(64, 1),
    'a long one': Buffer.alloc(4_000, 7),
  }))
    yield [`a signature of ${what}`, `${head}.${body}.${bytes.toString('base64url')}`];
  for (const alg of ['ES384', 'ES512', 'RS256', 'PS256', 'EdDSA', 'ES256K', 'RSA1_5', 'dir'])
    yield [`alg ${alg}`, by(ATTACKERS.privateKey, { alg })];
}

/** By the issuer itself, properly signed. */
function misissued(arena: Arena): Promise<Named[]> {
  const good = goodClaims(arena);
  const now = Math.floor(Date.now() / 1_000);
  const claims: Record<string, object> = {
    'another audience': { aud: 'https://payments.example/mcp' },
    'an audience like this one': { aud: `${good.aud}/` },
    'an audience in upper case': { aud: good.aud.toUpperCase() },
    'no audience': { aud: undefined },
    'an audience of objects': { aud: [{ toString: good.aud }] },
    'another issuer': { iss: 'https://evil.example' },
    'an issuer like this one': { iss: `${good.iss}/` },
    'no issuer': { iss: undefined },
    expired: { exp: now - 60 },
    'no expiry': { exp: undefined },
    'an expiry that is text': { exp: '9999999999' },
    'not yet': { nbf: now + 3_600 },
    'issued in the future': { iat: now + 3_600 },
    'no tenant': { tenant: undefined },
    'an empty tenant': { tenant: '' },
    'many tenants': { tenant: ['globex', 'mallory'] },
    'a tenant that is an object': { tenant: { name: 'globex' } },
    'a tenant with NUL': { tenant: 'globex\0' },
    'a long tenant': { tenant: 'x'.repeat(2_000) },
    'no subject': { sub: undefined },
    'an empty subject': { sub: '' },
    'no client': { client_id: undefined },
    'scopes in a list': { scope: ['records:admin'] },
    'an ID token': { nonce: 'a' },
    'a refresh token': { typ: 'Refresh' },
  };
  const headers = {
    'a logout token': 'logout+jwt',
    'a proof of possession': 'dpop+jwt',
    'a type of its own': 'x',
  };
  const sign = async (what: string, header: object, different: object): Promise<Named> => [
    what,
    // Nothing that is signed here has the types that it should have.
    await arena.fleet.issuer.sign(header, { ...good, ...different }),
  ];
  return Promise.all([
    ...Object.entries(claims).map(([what, different]) => sign(what, {}, different)),
    ...Object.entries(headers).map(([what, typ]) => sign(what, { typ }, {})),
  ]);
}

/** No tokens at all. */
function* strange({ session }: Arena): Generator<Named> {
  const { token } = session.subject;
  const [head = '', body = '', signed = ''] = token.split('.');
  yield ['nothing', ''];
  yield ['dots', '...'];
  yield ['four parts', `${token}.x`];
  yield ['five parts', `${head}.${body}.${signed}.x.y`];
  yield ['padding', `${token}=`];
  yield ['no signature', `${head}.${body}.`];
  yield [
    'a bit of the signature',
    `${head}.${body}.${signed.slice(0, -2)}${signed.endsWith('A') ? 'B' : 'A'}A`,
  ];
  yield [
    'other claims under the signature',
    `${head}.${Buffer.from('{"sub":"root"}').toString('base64url')}.${signed}`,
  ];
  yield ['spaces', `${head} .${body}.${signed}`];
  yield ['twice', `${token},${token}`];
  yield ['8 KiB', 'x'.repeat(8_192)];
  yield ['8 KiB with dots', `${'x'.repeat(2_700)}.${'y'.repeat(2_700)}.${'z'.repeat(2_700)}`];
  yield ['nested JSON', `${Buffer.from('{"alg":'.repeat(300)).toString('base64url')}.e30.`];
}

function* bearing({ session }: Arena, tokens: Iterable<Named>): Generator<Trial> {
  for (const [what, token] of tokens)
    yield [session.request('tools/list', {}, { family: FAMILY, what, token }), challenged];
}

/** 401, and a challenge that says where to get a good one. */
function challenged({ status, headers }: Answer): string | undefined {
  return (
    hasStatus(401)({ status } as Answer) ??
    (/^www-authenticate: .*resource_metadata=/im.test(headers) ? undefined : 'there is no challenge')
  );
}

/** Made-up tokens with made-up keys, each for the first time. */
function* flood(arena: Arena): Generator<Trial> {
  const claims = goodClaims(arena);
  for (let index = 0; index < FLOOD; index += 1) {
    const token = `${encoded({ alg: 'ES256', typ: 'at+jwt', kid: `made-up-${index}` })}.${encoded(claims)}.${'A'.repeat(86)}`;
    yield [
      arena.session.request('tools/list', {}, { family: FAMILY, what: 'a flood of made-up keys', token }),
      challenged,
    ];
  }
}

/** Good ones, each for the first time: as many as there are callers, for whom there is room only for so long. */
async function goodTokens({ session, fleet }: Arena): Promise<Trial[]> {
  const good = claimsFor(session.subject.name, session.service.url, ATTACKER);
  const tokens = await Promise.all(Array.from({ length: FLOOD }, () => fleet.issuer.token(good)));
  return tokens.map((token) => [
    session.request('server/discover', {}, { family: FAMILY, what: 'many good tokens', token }),
    hasStatus(200),
  ]);
}
