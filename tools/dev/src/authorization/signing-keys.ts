import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JSONWebKeySet } from 'jose';

/** The algorithm that access tokens are signed with. */
export const SIGNING_ALGORITHM = 'ES256';

/** A fresh private key set with one key. */
export async function generateSigningKeys(): Promise<JSONWebKeySet> {
  const { privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { extractable: true });
  const jwk = await exportJWK(privateKey);
  return { keys: [{ ...jwk, kid: await calculateJwkThumbprint(jwk), alg: SIGNING_ALGORITHM, use: 'sig' }] };
}
