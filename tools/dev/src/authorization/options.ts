import type { JSONWebKeySet } from 'jose';

/** A service that tokens can be made for. */
export interface Resource {
  /** Resource indicator (RFC 8707) and audience: the URL of the service's MCP endpoint. */
  readonly audience: string;
  readonly scopes: readonly string[];
}

/** A program that gets tokens in its own name (client credentials). */
export interface ServiceClient {
  readonly id: string;
  readonly secret: string;
  /**
   * Every token of this client belongs to this tenant. Without one the client acts for all of them, and each token
   * belongs to the tenant that was asked for with the parameter `tenant`.
   */
  readonly tenant?: string;
  /** It gets tokens for the services that these are scopes of. */
  readonly scopes: readonly string[];
}

/** What the authorization server is started with. */
export interface AuthorizationServerOptions {
  readonly port: number;
  readonly resources: readonly Resource[];
  readonly clients: readonly ServiceClient[];
  /** Private keys; kept between runs so that tokens outlive a restart. */
  readonly signingKeys: JSONWebKeySet;
  /** Signs the cookies of the sign-in page. */
  readonly cookieKey: string;
  /** Where sessions and refresh tokens are kept. */
  readonly tokenFile: string;
  /** Gets one line per token issued and per refusal. */
  readonly onLog?: (line: string) => void;
}
