import { errors } from 'jose';
import type { AuthenticationFailure } from './authentication-error.ts';

/** Why a token is not accepted, before it is put into a challenge. The message is public. */
export class TokenRefusal extends Error {
  override readonly name = 'TokenRefusal';

  constructor(
    readonly code: AuthenticationFailure,
    message: string,
  ) {
    super(message);
  }
}

const CLAIM_REFUSALS: Readonly<Record<string, [AuthenticationFailure, string]>> = {
  iss: ['wrong_issuer', 'The token is from another issuer.'],
  aud: ['wrong_audience', 'The token is not meant for this resource.'],
  nbf: ['not_yet_valid', 'The token is not valid yet.'],
};

/** What jose found wrong, in words that may go out: jose's own messages and errors quote claims. */
export function refusalOf(error: unknown): TokenRefusal | undefined {
  if (error instanceof TokenRefusal) return error;
  if (error instanceof errors.JWTExpired) return new TokenRefusal('expired', 'The token has expired.');
  if (error instanceof errors.JWTClaimValidationFailed) {
    const { claim } = error;
    return new TokenRefusal(...(CLAIM_REFUSALS[claim] ?? badClaim(claim)));
  }
  if (error instanceof errors.JOSEAlgNotAllowed) {
    return new TokenRefusal(
      'algorithm_refused',
      'The token is signed with an algorithm that is not accepted.',
    );
  }
  if (error instanceof errors.JWKSNoMatchingKey) {
    return new TokenRefusal(
      'unknown_key',
      'The token is signed with a key that its issuer does not publish.',
    );
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return new TokenRefusal('bad_signature', 'The signature of the token is not valid.');
  }
  if (error instanceof errors.JOSEError)
    return new TokenRefusal('malformed', 'The token is not a valid JWT.');
  return undefined;
}

/** A claim that is missing or not acceptable. `claim` is one of those this service asks for, never the token's own text. */
export function badClaim(claim: string): [AuthenticationFailure, string] {
  return ['bad_claim', `The token has no acceptable ${claim} claim.`];
}
