import { sharedError, type GantryError } from '@gantry/errors';
import { decodeJwt } from 'jose';
import { z } from 'zod';
import { authSettings, missingSettings, type AuthSettings } from './auth.settings.ts';
import type { IssuerAnswer, IssuerHttp } from './issuer-http.ts';
import { discoverIssuer } from './issuer-metadata.ts';

interface CachedToken {
  readonly audience: string;
  /** Shared by everyone who asks, while it is still being fetched too. */
  readonly pending: Promise<string>;
  /** The token, once it has come. */
  value?: string;
  /** Milliseconds of `performance.now()`. */
  renewAt: number;
}

const tokenResponse = z.object({
  access_token: z.string().min(1).max(16_384),
  token_type: z.string().regex(/^bearer$/i),
  // Recommended only (RFC 6749 section 5.1). A token of unknown life is used for a minute.
  expires_in: z.coerce.number().positive().default(60),
});

type TokenResponse = z.output<typeof tokenResponse>;

/** Tokens that are kept: for each callee, its scopes and tenant one. The one fetched first is forgotten first. */
const MOST_KEPT = 10_000;

/** A token is renewed this long before it expires, or after half its life if that is short. */
const RENEW_BEFORE_SECONDS = 30;

/**
 * This service's own tokens for the services it calls: OAuth client credentials (RFC 6749 section 4.4) with the
 * callee as resource (RFC 8707). A caller's token is never passed on.
 *
 * A callee takes the tenant from the token, so a token is had for one tenant and looked at before it is used: what is
 * done for one tenant never ends up with another, whatever the issuer makes of the request.
 */
export class ServiceTokens {
  readonly #cached = new Map<string, CachedToken>();

  constructor(
    private readonly settings: Pick<
      AuthSettings,
      'issuer' | 'clientId' | 'clientSecret' | 'tenantClaim' | 'tenantParameter'
    >,
    private readonly http: IssuerHttp,
  ) {}

  /**
   * A token for one audience, with these scopes, that acts for one tenant. Fetched once however many ask at the same
   * time, and kept until shortly before it expires.
   *
   * @throws ConfigError if this service has no client credentials
   * @throws GantryError `dependency_unavailable` if the issuer cannot be reached, `internal_error` if it refuses or
   * gives a token of another tenant
   */
  async token(audience: string, scopes: readonly string[], tenant: string): Promise<string> {
    const key = JSON.stringify([audience, [...scopes].sort(), tenant]);
    const cached = this.#cached.get(key);
    if (cached !== undefined && performance.now() < cached.renewAt) return cached.pending;
    const fetching: CachedToken = {
      audience,
      renewAt: Infinity,
      pending: this.#fetch(audience, scopes, tenant).then(
        ({ access_token, expires_in }) => {
          const life = expires_in - Math.min(RENEW_BEFORE_SECONDS, expires_in / 2);
          fetching.renewAt = performance.now() + life * 1000;
          return (fetching.value = access_token);
        },
        (error: unknown) => {
          this.#cached.delete(key);
          throw error;
        },
      ),
    };
    this.#cached.set(key, fetching);
    if (this.#cached.size > MOST_KEPT) this.#forgetOldest();
    return fetching.pending;
  }

  /**
   * Forgets the tokens for an audience that has answered 401. One that is being fetched is kept.
   *
   * @param rejected - forget only this token: of many calls that fail with it at the same moment, the later ones
   * must not throw away what the first one has fetched since
   */
  invalidate(audience: string, rejected?: string): void {
    for (const [key, { audience: of, value }] of this.#cached) {
      if (of !== audience || value === undefined) continue;
      if (rejected === undefined || rejected === value) this.#cached.delete(key);
    }
  }

  #forgetOldest(): void {
    for (const key of this.#cached.keys()) {
      this.#cached.delete(key);
      return;
    }
  }

  async #fetch(audience: string, scopes: readonly string[], tenant: string): Promise<TokenResponse> {
    const { issuer, clientId, clientSecret } = this.#credentials();
    const { tenantParameter, tenantClaim } = this.settings;
    const answer = await this.#post(issuer, clientId, clientSecret, {
      grant_type: 'client_credentials',
      resource: audience,
      ...(scopes.length > 0 && { scope: scopes.join(' ') }),
      ...(tenantParameter !== undefined && { [tenantParameter]: tenant }),
    });
    if (answer.status === 429 || answer.status >= 500) throw unavailable(`it answered ${answer.status}`);
    const { data } = tokenResponse.safeParse(answer.body);
    if (answer.status !== 200 || data === undefined) throw refused(answer);
    if (tenantOf(data.access_token, tenantClaim) !== tenant) throw ofAnotherTenant(tenantParameter);
    return data;
  }

  async #post(
    issuer: string,
    clientId: string,
    clientSecret: string,
    form: Record<string, string>,
  ): Promise<IssuerAnswer> {
    try {
      const { token_endpoint, token_endpoint_auth_methods_supported: methods } = await discoverIssuer(
        this.http,
        issuer,
      );
      if (token_endpoint === undefined) throw new Error(`The metadata of ${issuer} names no token_endpoint.`);
      // RFC 8414: basic is what an issuer that says nothing supports.
      const basic = methods?.includes('client_secret_basic') ?? true;
      const body = new URLSearchParams(
        basic ? form : { ...form, client_id: clientId, client_secret: clientSecret },
      );
      return await this.http.request(token_endpoint, {
        method: 'POST',
        body,
        ...(basic && { headers: { authorization: basicCredentials(clientId, clientSecret) } }),
      });
    } catch (error) {
      throw unavailable(error);
    }
  }

  #credentials(): { issuer: string; clientId: string; clientSecret: string } {
    const { issuer, clientId, clientSecret } = this.settings;
    if (issuer !== undefined && clientId !== undefined && clientSecret !== undefined) {
      return { issuer, clientId, clientSecret: clientSecret.value() };
    }
    const needed = authSettings.settings;
    throw missingSettings(
      [needed.issuer, issuer],
      [needed.clientId, clientId],
      [needed.clientSecret, clientSecret],
    );
  }
}

/**
 * RFC 6749 section 2.3.1: both parts are form-encoded before they are joined. A space as %20 and not as + is read
 * alike by issuers that decode forms and by those that decode URLs.
 */
function basicCredentials(clientId: string, clientSecret: string): string {
  const credentials = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}

/** Not verified: it comes from the issuer itself, and the callee will verify it. */
function tenantOf(token: string, claim: string): unknown {
  try {
    return decodeJwt(token)[claim];
  } catch {
    return undefined;
  }
}

function ofAnotherTenant(parameter: string | undefined): GantryError {
  const asked =
    parameter === undefined ? 'was not asked for one, see MCP_AUTH_TENANT_PARAMETER' : 'did not heed it';
  return sharedError(
    'internal_error',
    'This service has no token that acts for the tenant of this call at a service that it needs.',
    { cause: new Error(`The token that was issued names another tenant or none; the issuer ${asked}.`) },
  );
}

function unavailable(cause: unknown): GantryError {
  return sharedError(
    'dependency_unavailable',
    'A token for a service that this call needs cannot be had now.',
    {
      retryAfterSeconds: 5,
      cause,
    },
  );
}

/** The issuer knows this client and says no: nothing that a caller could mend by waiting. */
function refused({ status, body }: IssuerAnswer): GantryError {
  const { data } = z.object({ error: z.string().max(100) }).safeParse(body);
  return sharedError(
    'internal_error',
    'This service was refused a token for a service that this call needs.',
    {
      cause: new Error(`The token endpoint answered ${status} ${data?.error ?? 'without an OAuth error'}.`),
    },
  );
}
