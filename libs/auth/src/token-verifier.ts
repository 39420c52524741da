import { ConfigError, type ConfigProblem } from '@gantry/config';
import type { Principal } from '@gantry/pipeline';
import type { JWTVerifyOptions } from 'jose';
import { principalOf, refuseIssuedInFuture, refuseOtherTokens } from './access-token.ts';
import type { AuthMetrics } from './auth.metrics.ts';
import { resourceServerProblems, type AuthSettings } from './auth.settings.ts';
import { AuthenticationError } from './authentication-error.ts';
import type { IssuerKeys, KeySet } from './issuer-keys.ts';
import type { ProtectedResource } from './protected-resource.ts';
import type { ScopeHierarchy } from './scope-hierarchy.ts';
import { mayHaveNewerKey, verifySigned, type SignedToken } from './signed-token.ts';
import { refusalOf, TokenRefusal } from './token-refusal.ts';
import { VerifiedTokens } from './verified-tokens.ts';

/** Longer than any sensible access token; Node refuses headers over 16 KiB anyway. */
const MAX_TOKEN_LENGTH = 8_192;

/** Tells from a bearer token who calls. */
export class TokenVerifier {
  readonly #verified: VerifiedTokens;
  readonly #checks: JWTVerifyOptions;
  readonly #problems: readonly ConfigProblem[];

  constructor(
    private readonly settings: AuthSettings,
    private readonly keys: IssuerKeys,
    private readonly resource: ProtectedResource,
    private readonly hierarchy: ScopeHierarchy,
    private readonly metrics: AuthMetrics,
  ) {
    this.#problems = resourceServerProblems(settings);
    this.#verified = new VerifiedTokens(settings.tokenCacheSize);
    this.#checks = {
      issuer: settings.issuer,
      audience: settings.audience,
      algorithms: settings.algorithms,
      clockTolerance: settings.clockSkewSeconds,
      requiredClaims: ['exp'],
    };
  }

  /**
   * To be called before HTTP is served: issuer and audience may be left out for stdio only.
   *
   * @throws ConfigError that lists what is missing
   */
  assertConfigured(): void {
    // Also guards every verification: jose leaves out a check whose expected value is undefined.
    if (this.#problems.length > 0) throw new ConfigError(this.#problems);
  }

  /**
   * The principal of a request.
   *
   * @param authorization - the `Authorization` header
   * @throws AuthenticationError if there is no bearer token or not an acceptable one
   * @throws GantryError `dependency_unavailable` if the token cannot be judged now
   */
  async authenticate(authorization: string | undefined): Promise<Principal> {
    const token = /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    if (token !== undefined) return this.verify(token);
    this.metrics.tokens.inc({ result: 'missing' });
    throw new AuthenticationError('missing', 'A bearer token is needed.', this.resource.challenge401());
  }

  /**
   * The principal of an access token. A token is verified once and then remembered until it expires or the
   * issuer's keys change.
   *
   * @throws AuthenticationError if the token is not acceptable
   * @throws GantryError `dependency_unavailable` if the token cannot be judged now
   */
  async verify(token: string): Promise<Principal> {
    this.assertConfigured();
    try {
      if (token.length > MAX_TOKEN_LENGTH) throw new TokenRefusal('too_large', 'The token is too long.');
      const keys = await this.keys.current();
      const remembered = this.#verified.find(token, keys);
      const principal = remembered ?? (await this.#judge(token, keys));
      this.metrics.tokens.inc({ result: remembered ? 'remembered' : 'verified' });
      return principal;
    } catch (error) {
      const refusal = refusalOf(error);
      this.metrics.tokens.inc({ result: refusal?.code ?? 'unavailable' });
      if (refusal === undefined) throw error;
      const challenge = this.resource.challenge401('invalid_token', refusal.message);
      throw new AuthenticationError(refusal.code, refusal.message, challenge);
    }
  }

  async #judge(token: string, keys: KeySet): Promise<Principal> {
    const { clockSkewSeconds, tenantClaim } = this.settings;
    const { protectedHeader, payload, verifiedWith } = await this.#checkSignature(token, keys);
    refuseOtherTokens(protectedHeader, payload);
    refuseIssuedInFuture(payload, clockSkewSeconds);
    const principal = principalOf(payload, tenantClaim, this.hierarchy);
    const expires = (payload.exp ?? 0) + clockSkewSeconds;
    this.#verified.remember(token, verifiedWith, principal, expires * 1000);
    return principal;
  }

  async #checkSignature(token: string, keys: KeySet): Promise<SignedToken & { verifiedWith: KeySet }> {
    try {
      return { ...(await verifySigned(token, keys, this.#checks)), verifiedWith: keys };
    } catch (error) {
      const newer = mayHaveNewerKey(token, error) ? await this.keys.newerThan(keys) : undefined;
      if (newer === undefined) throw error;
      return { ...(await verifySigned(token, newer, this.#checks)), verifiedWith: newer };
    }
  }
}
