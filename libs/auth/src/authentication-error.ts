/** Why a caller could not be authenticated; safe for logs and metric labels. */
export type AuthenticationFailure =
  | 'missing'
  | 'malformed'
  | 'too_large'
  | 'not_an_access_token'
  | 'algorithm_refused'
  | 'unknown_key'
  | 'bad_signature'
  | 'expired'
  | 'not_yet_valid'
  | 'wrong_issuer'
  | 'wrong_audience'
  | 'bad_claim';

/**
 * The request carries no token, or none that this resource accepts: HTTP 401.
 *
 * `message` never holds anything taken from the token, so it may go out as it is, in a JSON-RPC error as well
 * as in the challenge. A token that cannot be judged because its issuer is away is not this error but
 * `dependency_unavailable`.
 */
export class AuthenticationError extends Error {
  override readonly name = 'AuthenticationError';
  readonly status = 401;

  constructor(
    readonly code: AuthenticationFailure,
    message: string,
    /** Value of the `WWW-Authenticate` header. */
    readonly wwwAuthenticate: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
