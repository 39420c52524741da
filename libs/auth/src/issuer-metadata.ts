import { z } from 'zod';
import type { IssuerHttp } from './issuer-http.ts';

const metadataSchema = z.object({
  issuer: z.string(),
  jwks_uri: z.url().optional(),
  token_endpoint: z.url().optional(),
  token_endpoint_auth_methods_supported: z.array(z.string()).optional(),
});

/** The part of the issuer's metadata (RFC 8414) that a resource server and its client need. */
export type IssuerMetadata = z.output<typeof metadataSchema>;

/**
 * Reads the issuer's metadata: RFC 8414 first, then OpenID Connect discovery in both its spellings.
 *
 * It is read again with every fetch of keys or tokens: rare enough, and an issuer that moves an endpoint is
 * followed without a restart.
 */
export async function discoverIssuer(http: IssuerHttp, issuer: string): Promise<IssuerMetadata> {
  const statuses: string[] = [];
  for (const location of metadataLocations(issuer)) {
    const { status, body } = await http.request(location);
    if (status === 200) return checked(body, issuer, location);
    statuses.push(`${location} answered ${status}`);
  }
  throw new Error(`No metadata found for the issuer: ${statuses.join(', ')}.`);
}

/** Where RFC 8414 section 3 and OpenID Connect Discovery section 4 put the metadata of an issuer. */
export function metadataLocations(issuer: string): string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname === '/' ? '' : pathname.replace(/\/$/, '');
  return [
    ...new Set([
      `${origin}/.well-known/oauth-authorization-server${path}`,
      `${origin}/.well-known/openid-configuration${path}`,
      `${origin}${path}/.well-known/openid-configuration`,
    ]),
  ];
}

function checked(body: unknown, issuer: string, location: string): IssuerMetadata {
  const { data, error } = metadataSchema.safeParse(body);
  if (error) throw new Error(`${location} is not valid metadata: ${z.prettifyError(error)}`);
  // RFC 8414 section 3.3: otherwise one issuer could speak for another.
  if (data.issuer !== issuer) {
    throw new Error(
      `${location} is the metadata of issuer ${JSON.stringify(data.issuer)}, not of ${issuer}.`,
    );
  }
  return data;
}
