import type { ServiceTokens } from '@gantry/auth';
import { GantryError } from '@gantry/errors';
import { AttemptFailed, failed, misconfigured, refused } from './attempt-failed.ts';
import type { Connections, Post } from './connections.ts';
import type { Exchange } from './exchange.ts';

/** Posts to one server with this service's own tokens for it, and says what its statuses mean. */
export class AuthorizedPosts {
  constructor(
    private readonly connections: Connections,
    private readonly tokens: Pick<ServiceTokens, 'token' | 'invalidate'>,
    private readonly server: {
      readonly url: URL;
      readonly audience: string;
      readonly scopes: readonly string[];
    },
  ) {}

  /**
   * The answer, with a status that the protocol has something to say about: 2xx or 400.
   *
   * @throws AttemptFailed for every other status, and if there is no token
   */
  async send(post: Post, tenant: string, exchange: Exchange): Promise<Response> {
    const { url, audience } = this.server;
    let token = await this.#token(tenant);
    let response = await this.connections.post(url, authorized(post, token), exchange);
    if (response.status === 401) {
      // Keys are rotated and clients withdrawn before tokens expire. What was refused did not run.
      await dropBody(response);
      exchange.mayHaveRun = false;
      this.tokens.invalidate(audience, token);
      token = await this.#token(tenant);
      response = await this.connections.post(url, authorized(post, token), exchange);
    }
    if (response.ok || response.status === 400) return response;
    await dropBody(response);
    throw failureOf(response, exchange);
  }

  async #token(tenant: string): Promise<string> {
    const { audience, scopes } = this.server;
    try {
      return await this.tokens.token(audience, scopes, tenant);
    } catch (error) {
      if (!(error instanceof GantryError) || !error.retryable) throw misconfigured(error);
      const { retryAfterSeconds } = error;
      // The issuer is to blame, so the breaker of this server must not count it.
      throw new AttemptFailed({ category: 'client_error', retryable: true, retryAfterSeconds, cause: error });
    }
  }
}

function authorized(post: Post, token: string): Post {
  const headers = new Headers(post.headers);
  headers.set('authorization', `Bearer ${token}`);
  return { ...post, headers };
}

/** Read to its end, so that the connection can be used again. */
async function dropBody(response: Response): Promise<void> {
  await response.arrayBuffer().catch(() => {});
}

function failureOf({ status, headers }: Response, exchange: Exchange): AttemptFailed {
  const cause = new Error(`It answered with HTTP status ${status}.`);
  const retryAfterSeconds = secondsUntil(headers.get('retry-after'));
  // A gateway may have given up waiting for a server that goes on.
  if (status >= 500 || status === 408) return failed(cause, retryAfterSeconds);
  exchange.mayHaveRun = false;
  if (status !== 429) return misconfigured(cause);
  return refused(
    { code: 'rate_limited', category: 'client_error', retryable: true, retryAfterSeconds },
    cause,
  );
}

/** RFC 9110 section 10.2.3: seconds, or a date. */
function secondsUntil(retryAfter: string | null): number | undefined {
  if (retryAfter === null) return undefined;
  const seconds = /^\d+$/.test(retryAfter)
    ? Number(retryAfter)
    : (Date.parse(retryAfter) - Date.now()) / 1_000;
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(Math.ceil(seconds), 0), 86_400);
}
