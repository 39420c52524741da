import type { Principal } from '@gantry/pipeline';
import type { JWTHeaderParameters, JWTPayload } from 'jose';
import type { z } from 'zod';
import { identifier, tenantName } from './identity.ts';
import type { ScopeHierarchy } from './scope-hierarchy.ts';
import { badClaim, TokenRefusal } from './token-refusal.ts';

/** RFC 9068 says at+jwt; plain JWT is what most issuers still write. */
const ACCEPTED_TYPES = new Set(['at+jwt', 'application/at+jwt', 'jwt', 'application/jwt']);

/** OpenID Connect binds an ID token to its login and to what came with it; an access token has none of these. */
const ID_TOKEN_CLAIMS = ['nonce', 'at_hash', 'c_hash', 's_hash'];

/**
 * Refuses a JWT that the same issuer signed for another purpose: ID, refresh and logout tokens, as far as their
 * header (`typ`) and the claims that common issuers mark them with tell (Keycloak `typ`, Cognito `token_use`).
 */
export function refuseOtherTokens(header: JWTHeaderParameters, claims: JWTPayload): void {
  const { typ } = header;
  const typeRefused = typ !== undefined && !ACCEPTED_TYPES.has(String(typ).toLowerCase());
  const marked =
    (claims['typ'] !== undefined && claims['typ'] !== 'Bearer') ||
    (claims['token_use'] !== undefined && claims['token_use'] !== 'access') ||
    ID_TOKEN_CLAIMS.some((claim) => Object.hasOwn(claims, claim));
  if (typeRefused || marked)
    throw new TokenRefusal('not_an_access_token', 'The token is not an access token.');
}

/** jose checks `iat` only together with a maximum age. */
export function refuseIssuedInFuture(claims: JWTPayload, clockSkewSeconds: number): void {
  if (claims.iat !== undefined && claims.iat > Date.now() / 1000 + clockSkewSeconds) {
    throw new TokenRefusal('not_yet_valid', 'The token was issued in the future.');
  }
}

/** The principal that verified claims speak of. */
export function principalOf(claims: JWTPayload, tenantClaim: string, hierarchy: ScopeHierarchy): Principal {
  return Object.freeze({
    tenant: claim(claims, tenantClaim, tenantName),
    subject: claim(claims, 'sub', identifier),
    client: claim(claims, Object.hasOwn(claims, 'client_id') ? 'client_id' : 'azp', identifier),
    scopes: hierarchy.expand(grantedScopes(claims)),
  });
}

function claim(claims: JWTPayload, name: string, schema: z.ZodString): string {
  const { data } = schema.safeParse(Object.hasOwn(claims, name) ? claims[name] : undefined);
  if (data === undefined) throw new TokenRefusal(...badClaim(name === 'azp' ? 'client_id' : name));
  return data;
}

function grantedScopes({ scope }: JWTPayload): string[] {
  if (scope === undefined) return [];
  if (typeof scope !== 'string') throw new TokenRefusal(...badClaim('scope'));
  return scope.split(' ').filter((token) => token !== '');
}
