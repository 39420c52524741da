import { decodeProtectedHeader, errors, jwtVerify, type JWTVerifyOptions, type JWTVerifyResult } from 'jose';
import type { KeySet } from './issuer-keys.ts';

/** A JWT whose signature and registered claims were checked. */
export type SignedToken = Pick<JWTVerifyResult, 'protectedHeader' | 'payload'>;

/** JWS compact serialization; jose would also take padding and white space, and so many spellings of one token. */
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/** Several keys may fit a token without `kid`; more than this are not tried. */
const MAX_KEYS_TRIED = 8;

/** Checks signature and registered claims with the key that the token names, or with every one that fits. */
export async function verifySigned(
  token: string,
  keys: KeySet,
  checks: JWTVerifyOptions,
): Promise<SignedToken> {
  if (!COMPACT.test(token)) throw new errors.JWSInvalid();
  try {
    return await jwtVerify(token, keys.find, checks);
  } catch (error) {
    if (error instanceof errors.JWKSMultipleMatchingKeys) return verifyWithAny(token, error, checks);
    throw error;
  }
}

/** Could the issuer have published the right key since the known ones were fetched? */
export function mayHaveNewerKey(token: string, error: unknown): boolean {
  if (error instanceof errors.JWKSNoMatchingKey) return true;
  // Without a key id a token of a new key looks just like a forged one.
  return (
    error instanceof errors.JWSSignatureVerificationFailed && decodeProtectedHeader(token).kid === undefined
  );
}

async function verifyWithAny(
  token: string,
  candidates: errors.JWKSMultipleMatchingKeys,
  checks: JWTVerifyOptions,
): Promise<SignedToken> {
  let tried = 0;
  for await (const key of candidates) {
    if (++tried > MAX_KEYS_TRIED) break;
    try {
      return await jwtVerify(token, key, checks);
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
    }
  }
  throw new errors.JWSSignatureVerificationFailed();
}
