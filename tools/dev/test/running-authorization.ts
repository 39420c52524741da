import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { freePort } from '@gantry/dev-postgres';
import { createRemoteJWKSet, jwtVerify, type JWTPayload } from 'jose';
import {
  startAuthorizationServer,
  type AuthorizationServer,
} from '../src/authorization/authorization-server.ts';
import type { AuthorizationServerOptions } from '../src/authorization/options.ts';
import { generateSigningKeys } from '../src/authorization/signing-keys.ts';

export const RECORDS = 'http://127.0.0.1:7401/mcp';
export const ORDERS = 'http://127.0.0.1:7403/mcp';

/** What the token endpoint answers. */
export interface TokenAnswer {
  status: number;
  body: { access_token: string; refresh_token?: string; error?: string; error_description?: string };
}

/** An authorization server for tests, with the state that it keeps. */
export class RunningAuthorization {
  readonly log: string[];
  readonly directory: string;
  readonly port: number;
  readonly #options: AuthorizationServerOptions;
  #server: AuthorizationServer;

  private constructor(
    directory: string,
    options: AuthorizationServerOptions,
    server: AuthorizationServer,
    log: string[],
  ) {
    this.directory = directory;
    this.port = options.port;
    this.#options = options;
    this.#server = server;
    this.log = log;
  }

  static async start(): Promise<RunningAuthorization> {
    const directory = await mkdtemp(join(tmpdir(), 'gantry-auth-'));
    const log: string[] = [];
    const options: AuthorizationServerOptions = {
      port: await freePort(),
      resources: [
        { audience: RECORDS, scopes: ['records:read', 'records:write', 'records:admin'] },
        { audience: ORDERS, scopes: ['orders:read'] },
      ],
      clients: [
        { id: 'gantry-demo', secret: 's3cret', tenant: 'demo', scopes: ['records:read', 'records:write'] },
        { id: 'gantry-orders', secret: '0rders', scopes: ['records:write'] },
      ],
      signingKeys: await generateSigningKeys(),
      cookieKey: 'cookie-key',
      tokenFile: join(directory, 'tokens.json'),
      onLog: (line) => log.push(line),
    };
    return new RunningAuthorization(directory, options, await startAuthorizationServer(options), log);
  }

  get issuer(): string {
    return this.#server.issuer;
  }

  async restart(): Promise<void> {
    await this.#server.close();
    this.#server = await startAuthorizationServer(this.#options);
    // fetch notices only in its next turn that the old connections are gone.
    await setImmediate();
  }

  async stop(): Promise<void> {
    await this.#server.close();
    await rm(this.directory, { recursive: true });
  }

  /** Asks the token endpoint; `client` as `id:secret`. */
  async token(form: Record<string, string> | [string, string][], client?: string): Promise<TokenAnswer> {
    const response = await fetch(this.#server.tokenEndpoint, {
      method: 'POST',
      body: new URLSearchParams(form),
      headers:
        client === undefined ? {} : { authorization: `Basic ${Buffer.from(client).toString('base64')}` },
    });
    return { status: response.status, body: (await response.json()) as TokenAnswer['body'] };
  }

  async metadata(): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.issuer}/.well-known/oauth-authorization-server`);
    return (await response.json()) as Record<string, unknown>;
  }

  /** Checks an access token as a service would: by the published keys, for one audience. */
  async verify(jwt: string, audience: string): Promise<JWTPayload> {
    const { jwks_uri: keys } = await this.metadata();
    const { payload } = await jwtVerify(jwt, createRemoteJWKSet(new URL(String(keys))), {
      issuer: this.issuer,
      audience,
      algorithms: ['ES256'],
      typ: 'at+jwt',
    });
    return payload;
  }
}
