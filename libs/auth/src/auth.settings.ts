import {
  ConfigError,
  defineSettings,
  flag,
  list,
  secret,
  setting,
  type ConfigProblem,
  type Setting,
  type SettingsOf,
} from '@gantry/config';
import { z } from 'zod';
import { isSecure } from './issuer-http.ts';

/**
 * What a token may be signed with: asymmetric algorithms only. An HMAC would be keyed with something public, and
 * `none` is no signature, so neither can be configured.
 */
const algorithm = z.enum(
  ['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  'must be an asymmetric signature algorithm such as ES256',
);

const url = z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' });
const withoutFragment = url.refine((text) => !text.includes('#'), 'must not have a fragment');
const whole = z.coerce.number().int();

/** Settings of the OAuth 2.1 resource server and of the client that gets tokens for other services. */
export const authSettings = defineSettings('auth', {
  issuer: setting(
    'MCP_AUTH_ISSUER',
    withoutFragment.refine((text) => !text.includes('?'), 'must not have a query').optional(),
    {
      description:
        'Issuer of the accepted tokens, exactly as in their iss claim. Needed to serve HTTP; its metadata is discovered.',
    },
  ),
  audience: setting('MCP_AUTH_AUDIENCE', withoutFragment.optional(), {
    description:
      'Public URL of this MCP endpoint, for example https://records.example.com/mcp. Tokens must name it in aud. Needed to serve HTTP.',
  }),
  jwksUrl: setting('MCP_AUTH_JWKS_URL', url.optional(), {
    description: "Where the issuer's keys are, if they should not be looked up in its metadata.",
  }),
  tenantClaim: setting('MCP_AUTH_TENANT_CLAIM', z.string().min(1).max(200).default('tenant'), {
    description: 'Name of the token claim that holds the tenant.',
  }),
  tenantParameter: setting(
    'MCP_AUTH_TENANT_PARAMETER',
    z
      .string()
      .regex(/^\w{1,100}$/)
      .optional(),
    {
      description:
        'Name of the parameter by which the issuer is asked for a token that acts for a tenant at another service, for example organization. Without it only calls for the tenant of the client itself can be made.',
    },
  ),
  algorithms: setting('MCP_AUTH_ALGORITHMS', list(algorithm).default(['ES256', 'RS256', 'EdDSA', 'PS256']), {
    description: 'Comma-separated signature algorithms that are accepted; asymmetric ones only.',
  }),
  clockSkewSeconds: setting('MCP_AUTH_CLOCK_SKEW_SECONDS', whole.min(0).max(120).default(30), {
    description: "How far this machine's clock and the issuer's may differ.",
  }),
  keysMaxAgeSeconds: setting('MCP_AUTH_KEYS_MAX_AGE_SECONDS', whole.min(10).max(86_400).default(300), {
    description:
      "How old the issuer's keys may get before they are fetched again: how long tokens of a withdrawn key are still accepted.",
  }),
  keysMaxStaleSeconds: setting('MCP_AUTH_KEYS_MAX_STALE_SECONDS', whole.min(0).max(604_800).default(3_600), {
    description: 'How much longer the keys stay in use while the issuer cannot be reached.',
  }),
  keysCooldownSeconds: setting('MCP_AUTH_KEYS_COOLDOWN_SECONDS', whole.min(1).max(3_600).default(10), {
    description: 'Least time between two fetches of the keys, however many tokens name unknown ones.',
  }),
  tokenCacheSize: setting('MCP_AUTH_TOKEN_CACHE_SIZE', whole.min(0).max(1_000_000).default(10_000), {
    description: 'How many verified tokens are remembered; 0 verifies every token every time.',
  }),
  timeoutSeconds: setting('MCP_AUTH_TIMEOUT_SECONDS', whole.min(1).max(60).default(5), {
    description: 'How long one request to the issuer may take.',
  }),
  allowInsecureIssuer: setting('MCP_AUTH_ALLOW_INSECURE_ISSUER', flag().default(false), {
    description:
      'Allow plain http to an issuer that is not on this machine. Whoever can alter that traffic can forge tokens.',
  }),
  clientId: setting('MCP_AUTH_CLIENT_ID', z.string().max(255).optional(), {
    description: 'OAuth client id of this service, for calls to other services.',
  }),
  clientSecret: secret('MCP_AUTH_CLIENT_SECRET', z.string().min(1).optional(), {
    description: 'OAuth client secret of this service, for calls to other services.',
  }),
});

/** Values of {@link authSettings}. */
export type AuthSettings = SettingsOf<typeof authSettings>;

/**
 * What stands in the way of serving HTTP. Issuer and audience are optional when the environment is read, because a
 * process that talks over stdio has no use for them.
 */
export function resourceServerProblems(settings: AuthSettings): ConfigProblem[] {
  const { issuer, audience, jwksUrl, allowInsecureIssuer } = authSettings.settings;
  const problems: ConfigProblem[] = [];
  if (settings.issuer === undefined) problems.push(missing(issuer));
  if (settings.audience === undefined) problems.push(missing(audience));
  const remedy = `must use https; for plain http in a closed network set ${allowInsecureIssuer.name}=true`;
  const unsafe = (value: string | undefined) =>
    value !== undefined && !settings.allowInsecureIssuer && !isSecure(value);
  if (unsafe(settings.issuer)) problems.push(problem(issuer, remedy));
  if (unsafe(settings.jwksUrl)) problems.push(problem(jwksUrl, remedy));
  return problems;
}

/** A `ConfigError` for those of these optional settings that turned out to be needed and have no value. */
export function missingSettings(...needed: readonly (readonly [Setting, unknown])[]): ConfigError {
  return new ConfigError(
    needed.filter(([, value]) => value === undefined).map(([setting]) => missing(setting)),
  );
}

function missing(setting: Setting): ConfigProblem {
  return problem(setting, 'is not set');
}

function problem({ name, description }: Setting, what: string): ConfigProblem {
  return { variable: name, problem: `${name} ${what}.`, description };
}
