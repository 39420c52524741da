import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { errors, Provider } from 'oidc-provider';
import type { AuthorizationServerOptions } from './options.ts';
import { providerConfiguration } from './provider-configuration.ts';
import { SIGN_IN_PATH, signIn } from './sign-in.ts';

/** A running authorization server. */
export interface AuthorizationServer {
  readonly issuer: string;
  readonly tokenEndpoint: string;
  close(): Promise<void>;
}

/**
 * Starts the OAuth 2.1 authorization server of the development stack, on loopback only.
 *
 * Keys and clients outlive a restart; sessions, codes and refresh tokens are in memory and do not.
 */
export async function startAuthorizationServer(
  options: AuthorizationServerOptions,
): Promise<AuthorizationServer> {
  const issuer = `http://127.0.0.1:${options.port}`;
  const provider = new Provider(issuer, providerConfiguration(options));
  logEvents(provider, options.onLog ?? (() => {}));
  const answer = provider.callback();

  const server = createServer((request, response) => {
    // A page elsewhere that rebinds its own name to 127.0.0.1 still sends its own name.
    if (request.headers.host !== new URL(issuer).host) refuse(response, 421, `This server is ${issuer}.`);
    else if (request.url?.startsWith(SIGN_IN_PATH)) answerSignIn(provider, request, response);
    else void answer(request, response);
  });
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');

  return {
    issuer,
    tokenEndpoint: `${issuer}/token`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function answerSignIn(provider: Provider, request: IncomingMessage, response: ServerResponse): void {
  signIn(provider, request, response).catch((error: unknown) => {
    if (error instanceof errors.SessionNotFound) {
      refuse(
        response,
        400,
        'This sign-in is over or was started elsewhere. Start it again from your program.',
      );
      return;
    }
    provider.emit('server_error', undefined, error);
    refuse(response, 500, 'The sign-in failed; the log of the authorization server says why.');
  });
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${reason}\n`);
}

interface EventContext {
  readonly oidc?: {
    readonly client?: { readonly clientId: string };
    readonly params?: Record<string, unknown>;
  };
}

interface OAuthError extends Error {
  readonly error_description?: string;
}

function logEvents(provider: Provider, log: (line: string) => void): void {
  const write = (event: string, context: EventContext | undefined, error?: OAuthError) => {
    const client = context?.oidc?.client?.clientId ?? 'unknown client';
    const what = error
      ? `${error.message}: ${error.error_description ?? error.stack ?? ''}`
      : granted(context);
    log(`${new Date().toISOString()} ${event} ${client} ${what}`);
  };
  provider.on('grant.success', (context: EventContext) => write('token', context));
  for (const event of ['grant.error', 'authorization.error', 'server_error']) {
    provider.on(event, (context: EventContext | undefined, error: OAuthError) =>
      write(event, context, error),
    );
  }
}

function granted(context: EventContext | undefined): string {
  const { grant_type: grant, resource, scope } = context?.oidc?.params ?? {};
  return [grant, resource, scope].filter((part) => typeof part === 'string').join(' ');
}
