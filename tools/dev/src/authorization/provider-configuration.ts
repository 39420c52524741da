import { errors, type Client, type Token } from 'oidc-provider';
import { tenantOf } from './account.ts';
import type { AuthorizationServerOptions, Resource, ServiceClient } from './options.ts';
import { escapeHtml } from './sign-in-page.ts';
import { SIGNING_ALGORITHM } from './signing-keys.ts';
import { tenantClaim } from './tenant-claim.ts';
import { TokenStore } from './token-store.ts';

/** The public client for programs on this machine that cannot use a Client ID Metadata Document. */
export const DESKTOP_CLIENT = 'gantry-desktop';

/** Callback paths that MCP clients listen on. The port is free to choose on loopback (RFC 8252, 7.3). */
const CALLBACK_PATHS = ['/', '/callback', '/oauth/callback'];

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The configuration of oidc-provider for these resources and clients. */
export function providerConfiguration(options: AuthorizationServerOptions): object {
  const tenant = tenantClaim(options.clients);
  const store = new TokenStore(options.tokenFile);
  return {
    adapter: (model: string) => store.adapter(model),
    jwks: options.signingKeys,
    clients: [desktopClient(), ...options.clients.map(serviceClient)],
    clientDefaults: { id_token_signed_response_alg: SIGNING_ALGORITHM },
    enabledJWA: { idTokenSigningAlgValues: [SIGNING_ALGORITHM] },
    scopes: ['openid', 'offline_access', ...options.resources.flatMap((resource) => resource.scopes)],
    responseTypes: ['code'],
    pkce: { required: () => true },
    cookies: { keys: [options.cookieKey] },
    features: {
      clientCredentials: { enabled: true },
      clientIdMetadataDocument: { enabled: true, ack: 'draft-02' },
      resourceIndicators: resourceIndicators(options),
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
    },
    // Browser clients (MCP inspectors) call the token endpoint from the origin of their own redirect URI.
    clientBasedCORS: (_context: unknown, origin: string, client: Client & { redirectUris: string[] }) =>
      client.redirectUris.some((uri) => sameOriginButForPort(uri, origin)),
    // Clients do not always ask for offline_access, and all of them should meet refresh here.
    issueRefreshToken: (_context: unknown, client: Client) => client.grantTypeAllowed('refresh_token'),
    expiresWithSession: () => false,
    rotateRefreshToken: true,
    extraTokenClaims: (...token: Parameters<typeof tenant>) => ({ tenant: tenant(...token) }),
    formats: { customizers: { jwt: addNotBefore } },
    findAccount: (_context: unknown, accountId: string) =>
      tenantOf(accountId) === undefined ? undefined : { accountId, claims: () => ({ sub: accountId }) },
    renderError,
    interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/sign-in/${uid}` },
    ttl: {
      AccessToken: HOUR,
      // A token from `make token` lasts a working day.
      ClientCredentials: 8 * HOUR,
      AuthorizationCode: MINUTE,
      Grant: 14 * DAY,
      IdToken: HOUR,
      Interaction: HOUR,
      RefreshToken: 14 * DAY,
      Session: 14 * DAY,
    },
  };
}

function desktopClient(): object {
  return {
    client_id: DESKTOP_CLIENT,
    client_name: 'A program on this machine',
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    redirect_uris: ['127.0.0.1', 'localhost'].flatMap((host) =>
      CALLBACK_PATHS.map((path) => `http://${host}${path}`),
    ),
  };
}

function serviceClient({ id, secret, scopes }: ServiceClient): object {
  return {
    client_id: id,
    client_secret: secret,
    token_endpoint_auth_method: 'client_secret_basic',
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    scope: scopes.join(' '),
  };
}

function resourceIndicators({ resources }: AuthorizationServerOptions): object {
  return {
    enabled: true,
    // A token for no service is of no use to anyone here: say so instead of issuing one.
    defaultResource: (_context: unknown, _client: unknown, oneOf?: string[]) => {
      if (oneOf) return oneOf;
      throw new errors.InvalidTarget(`name the service with "resource": ${audiences(resources)}`);
    },
    useGrantedResource: () => true,
    getResourceServerInfo: (_context: unknown, indicator: string, client: Client) => {
      const known = resources.filter((resource) => mayUse(client, resource));
      const resource = known.find(({ audience }) => audience === indicator);
      if (!resource) throw new errors.InvalidTarget(`unknown resource; known are ${audiences(known)}`);
      return {
        audience: resource.audience,
        scope: resource.scopes.join(' '),
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: SIGNING_ALGORITHM } },
      };
    },
  };
}

/** A client that is bound to scopes has nothing to do with services of which it has none. */
function mayUse({ scope }: Client, { scopes }: Resource): boolean {
  return scope === undefined || scope.split(' ').some((each) => scopes.includes(each));
}

function audiences(resources: readonly Resource[]): string {
  return resources.map(({ audience }) => audience).join(', ');
}

function addNotBefore(_context: unknown, _token: Token, jwt: { payload: Record<string, unknown> }): void {
  jwt.payload['nbf'] = jwt.payload['iat'];
}

function renderError(context: { type: string; body: string }, error: Record<string, string>): void {
  const lines = Object.entries(error).map(
    ([name, text]) => `<p><b>${escapeHtml(name)}</b>: ${escapeHtml(text)}</p>`,
  );
  context.type = 'html';
  context.body = `<!doctype html><title>Sign-in refused</title><h1>Sign-in refused</h1>${lines.join('')}`;
}

function sameOriginButForPort(uri: string, origin: string): boolean {
  const [allowed, actual] = [URL.parse(uri), URL.parse(origin)];
  return allowed?.protocol === actual?.protocol && allowed?.hostname === actual?.hostname;
}
