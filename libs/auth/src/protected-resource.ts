import { authSettings, missingSettings, type AuthSettings } from './auth.settings.ts';

const WELL_KNOWN = '/.well-known/oauth-protected-resource';
const MAX_DESCRIPTION = 200;

/** Protected resource metadata (RFC 9728); field names are wire format. */
export interface ProtectedResourceMetadata {
  resource: string;
  authorization_servers: string[];
  scopes_supported?: string[];
  bearer_methods_supported: string[];
}

/**
 * This service as OAuth sees it: where a client learns who issues its tokens (RFC 9728), and the
 * `WWW-Authenticate` values that send it there.
 */
export class ProtectedResource {
  constructor(
    private readonly settings: Pick<AuthSettings, 'issuer' | 'audience'>,
    private readonly scopesSupported: readonly string[] = [],
  ) {}

  /** The resource identifier: the audience that tokens must name. */
  get url(): string {
    return required(this.settings, 'audience');
  }

  /** Path-inserted well-known path: `/.well-known/oauth-protected-resource/mcp` for `http://host/mcp`. */
  get metadataPath(): string {
    const { pathname } = new URL(this.url);
    return WELL_KNOWN + (pathname === '/' ? '' : pathname);
  }

  /** All paths to serve the metadata at: the path-inserted one, and the root one for clients that only try that. */
  get metadataPaths(): readonly string[] {
    return [...new Set([this.metadataPath, WELL_KNOWN])];
  }

  /** Absolute URL of {@link metadataPath}. */
  get metadataUrl(): string {
    const { origin, search } = new URL(this.url);
    return origin + this.metadataPath + search;
  }

  /** The document to serve at {@link metadataPaths}. */
  metadata(): ProtectedResourceMetadata {
    return {
      resource: this.url,
      authorization_servers: [required(this.settings, 'issuer')],
      ...(this.scopesSupported.length > 0 && { scopes_supported: [...this.scopesSupported] }),
      bearer_methods_supported: ['header'],
    };
  }

  /**
   * Challenge for HTTP 401. Without an error it answers a request that carried no token: RFC 6750 then wants no
   * error code, only the way to get one.
   */
  challenge401(error?: 'invalid_token' | 'invalid_request', description?: string): string {
    return challenge({
      error,
      error_description: description?.slice(0, MAX_DESCRIPTION),
      resource_metadata: this.metadataUrl,
      scope: this.scopesSupported.join(' '),
    });
  }

  /** Challenge for HTTP 403: the token is good, but these scopes are needed, all of them. */
  challenge403(scopes: readonly string[]): string {
    return challenge({
      error: 'insufficient_scope',
      error_description: 'The token lacks a scope that this call needs.',
      resource_metadata: this.metadataUrl,
      scope: scopes.join(' '),
    });
  }
}

function required(settings: Pick<AuthSettings, 'issuer' | 'audience'>, name: 'issuer' | 'audience'): string {
  const value = settings[name];
  if (value === undefined) throw missingSettings([authSettings.settings[name], value]);
  return value;
}

function challenge(parameters: Record<string, string | undefined>): string {
  const parts = Object.entries(parameters).flatMap(([name, value]) =>
    value ? [`${name}="${safe(value)}"`] : [],
  );
  return `Bearer ${parts.join(', ')}`;
}

/**
 * RFC 6750 section 3 leaves printable ASCII without quote and backslash; whatever else there is would end the
 * quoted string or the header.
 */
function safe(value: string): string {
  return value.replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, '?');
}
