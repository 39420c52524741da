import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

/** A client that may ask the token endpoint for tokens of its own. */
export interface IssuerClient {
  readonly id: string;
  readonly secret: string;
  readonly tenant: string;
  /** Tenants that it may act for, asked for with the parameter `tenant`. Default: its own alone. */
  readonly tenants?: readonly string[];
  readonly audiences: readonly string[];
  readonly scopes: readonly string[];
}

/** What the token endpoint decided: a token for this client, or an OAuth error. */
export type Grant =
  | {
      readonly client: IssuerClient;
      readonly tenant: string;
      readonly audience: string;
      readonly scopes: readonly string[];
    }
  | { readonly status: number; readonly error: string };

/** Decides a request for the client credentials grant (RFC 6749 section 4.4, `resource` as in RFC 8707). */
export async function decideGrant(
  request: IncomingMessage,
  clients: ReadonlyMap<string, IssuerClient>,
): Promise<Grant> {
  const form = new URLSearchParams(await text(request));
  const { id, secret } = credentials(request.headers.authorization, form);
  const client = clients.get(id);
  if (!client || client.secret !== secret) return { status: 401, error: 'invalid_client' };
  if (form.get('grant_type') !== 'client_credentials')
    return { status: 400, error: 'unsupported_grant_type' };
  const audience = form.get('resource') ?? form.get('audience') ?? '';
  if (!client.audiences.includes(audience)) return { status: 400, error: 'invalid_target' };
  const scopes = form.get('scope')?.split(' ').filter(Boolean) ?? client.scopes;
  if (!scopes.every((scope) => client.scopes.includes(scope))) return { status: 400, error: 'invalid_scope' };
  const tenant = form.get('tenant') ?? client.tenant;
  if (tenant !== client.tenant && !client.tenants?.includes(tenant))
    return { status: 400, error: 'invalid_request' };
  return { client, tenant, audience, scopes };
}

function credentials(
  authorization: string | undefined,
  form: URLSearchParams,
): { id: string; secret: string } {
  if (!authorization?.startsWith('Basic ')) {
    return { id: form.get('client_id') ?? '', secret: form.get('client_secret') ?? '' };
  }
  const [id = '', secret = ''] = Buffer.from(authorization.slice('Basic '.length), 'base64')
    .toString()
    .split(':');
  return { id: decodeURIComponent(id), secret: decodeURIComponent(secret) };
}
