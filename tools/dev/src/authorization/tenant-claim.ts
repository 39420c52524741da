import { errors, type Token } from 'oidc-provider';
import { isTenant, tenantOf } from './account.ts';
import type { ServiceClient } from './options.ts';

/** The request to the token endpoint that a token is made for. */
interface TokenRequest {
  readonly oidc: { readonly body?: { readonly tenant?: unknown } };
}

/** Says which tenant a token belongs to: that of the person who signed in, or that of the client. */
export function tenantClaim(
  clients: readonly ServiceClient[],
): (request: TokenRequest, token: Token) => string | undefined {
  const tenants = new Map(clients.map((client) => [client.id, client.tenant]));
  return ({ oidc }, { accountId, clientId }) => {
    if (accountId !== undefined) return tenantOf(accountId);
    const own = tenants.get(clientId);
    const wanted = oidc.body?.tenant ?? own;
    // A token of another tenant than the one asked for would be used in its name all the same.
    if (own !== undefined && wanted !== own) {
      throw new errors.InvalidRequest(`this client acts for the tenant ${own} alone`);
    }
    if (!isTenant(wanted)) throw new errors.InvalidRequest('name one tenant with "tenant"');
    return wanted;
  };
}
