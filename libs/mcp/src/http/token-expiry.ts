import { decodeJwt } from 'jose';

/**
 * When the token of a request that was authenticated ends, in milliseconds since the epoch. Nothing is verified here:
 * the claim is read from a token that was.
 */
export function tokenExpiry(authorization: string | undefined): number {
  try {
    const { exp } = decodeJwt(authorization!.replace(/^bearer +/i, '').trim());
    return exp === undefined ? Infinity : exp * 1_000;
  } catch {
    return Infinity;
  }
}
