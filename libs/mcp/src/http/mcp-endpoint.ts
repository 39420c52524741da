import { AuthenticationError, authSettings, ProtectedResource, TokenVerifier } from '@gantry/auth';
import { Config } from '@gantry/config';
import { asGantryError } from '@gantry/errors';
import { Log } from '@gantry/observability';
import type { Principal } from '@gantry/pipeline';
import { originValidation, toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, isJsonContentType } from '@modelcontextprotocol/server';
import { Injectable } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Catalogue } from '../catalogue/catalogue.ts';
import { mayUse } from '../catalogue/may-use.ts';
import { InFlight } from '../in-flight.ts';
import { mcpSettings } from '../mcp.settings.ts';
import { ModernFrontEnd } from '../modern/modern-front-end.ts';
import { modernRequest } from '../modern/modern-request.ts';
import type { Exchange } from '../sdk/exchange.ts';
import { ServerFactory } from '../sdk/server-factory.ts';
import { AllowedHosts } from './allowed-hosts.ts';
import {
  answerError,
  idOf,
  INTERNAL_ERROR,
  INVALID_REQUEST,
  PARSE_ERROR,
  REFUSED,
  sendJson,
} from './json-rpc.ts';
import { ListenStreams } from './listen-streams.ts';
import { BodyNotJsonError, BodyTooLargeError, readJsonBody } from './read-body.ts';
import { tokenExpiry } from './token-expiry.ts';

/** Path of the endpoint. */
export const MCP_PATH = '/mcp';

type McpRequest = IncomingMessage & {
  auth?: { token: string; clientId: string; scopes: string[]; extra: { exchange: Exchange } };
};

type Serve = (req: McpRequest, res: ServerResponse, body: unknown) => Promise<void>;

/**
 * The Streamable HTTP endpoint, for all protocol revisions. It stands in front of Nest's own routing: it reads
 * the body itself, capped, and every answer it gives is JSON-RPC. In this order: Host and Origin, method,
 * media type, token, body, one message, scopes; then {@link ModernFrontEnd} or the SDK.
 */
@Injectable()
export class McpEndpoint {
  readonly #log: Log;
  readonly #maxBodyBytes: number;
  readonly #clockSkewMs: number;
  readonly #hosts: AllowedHosts;
  readonly #originAllowed: (req: IncomingMessage, res: ServerResponse) => boolean;
  readonly #serve: Serve;

  constructor(
    config: Config,
    log: Log,
    servers: ServerFactory,
    private readonly catalogue: Catalogue,
    private readonly verifier: TokenVerifier,
    private readonly resource: ProtectedResource,
    private readonly inFlight: InFlight,
    private readonly listenStreams: ListenStreams,
    private readonly modern: ModernFrontEnd,
  ) {
    this.#log = log.child({ component: 'http' });
    const settings = config.get(mcpSettings);
    const { audience, clockSkewSeconds } = config.get(authSettings);
    this.#clockSkewMs = clockSkewSeconds * 1_000;
    this.#maxBodyBytes = settings.maxBodyBytes;
    this.#hosts = new AllowedHosts([
      ...settings.allowedHosts,
      ...(audience ? [new URL(audience).hostname] : []),
    ]);
    this.#originAllowed = originValidation([...settings.allowedOrigins]);
    const handler = createMcpHandler(
      ({ authInfo, era }) => servers.create((authInfo?.extra as { exchange: Exchange }).exchange, era),
      {
        onerror: (error) => this.#log.debug({ err: error }, 'the protocol layer refused a message'),
        maxRequestBodySize: this.#maxBodyBytes,
        keepAliveMs: settings.keepAliveSeconds * 1_000,
      },
    );
    const report = (error: Error) => this.#log.error({ err: error }, 'the protocol layer failed');
    this.#serve = toNodeHandler(handler, { onerror: report });
  }

  /** Is this request addressed to the endpoint? */
  handles(req: IncomingMessage): boolean {
    const url = req.url ?? '';
    return url === MCP_PATH || url.startsWith(`${MCP_PATH}?`);
  }

  /** Serves one request. Never rejects. */
  async handle(req: McpRequest, res: ServerResponse): Promise<void> {
    try {
      if (!this.#hosts.allow(req.headers.host)) {
        return answerError(req, res, 403, { code: REFUSED, message: 'Invalid Host header' });
      }
      if (!this.#originAllowed(req, res)) return;
      if (req.method !== 'POST') {
        return answerError(
          req,
          res,
          405,
          { code: REFUSED, message: 'Method not allowed: POST only' },
          { headers: { allow: 'POST' } },
        );
      }
      if (!isJsonContentType(req.headers['content-type'] ?? null)) {
        return answerError(req, res, 415, {
          code: REFUSED,
          message: 'Unsupported media type: Content-Type must be application/json',
        });
      }
      const principal = await this.#authenticate(req, res);
      if (!principal) return;
      const message = await this.#readMessage(req, res);
      if (message === undefined) return;
      await this.#exchange(req, res, principal, message);
    } catch (error) {
      this.#log.error({ err: error }, 'a request failed');
      answerError(req, res, 500, { code: INTERNAL_ERROR, message: 'Internal error' });
    }
  }

  async #authenticate(req: IncomingMessage, res: ServerResponse): Promise<Principal | undefined> {
    try {
      return await this.verifier.authenticate(req.headers.authorization);
    } catch (error) {
      if (error instanceof AuthenticationError) {
        answerError(
          req,
          res,
          401,
          { code: REFUSED, message: error.message },
          { headers: { 'www-authenticate': error.wwwAuthenticate } },
        );
      } else {
        const { errorId, retryAfterSeconds = 1 } = asGantryError(error);
        this.#log.error({ err: error, error_id: errorId }, 'a token could not be checked');
        answerError(
          req,
          res,
          503,
          { code: INTERNAL_ERROR, message: `Tokens can not be checked right now; try again (${errorId})` },
          { headers: { 'retry-after': String(retryAfterSeconds) } },
        );
      }
    }
    return undefined;
  }

  async #readMessage(req: IncomingMessage, res: ServerResponse): Promise<object | undefined> {
    try {
      const body = await readJsonBody(req, this.#maxBodyBytes);
      if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body;
      answerError(req, res, 400, {
        code: INVALID_REQUEST,
        message: Array.isArray(body)
          ? 'Invalid request: batches are not accepted'
          : 'Invalid request: the body must be a JSON-RPC message',
      });
    } catch (error) {
      if (error instanceof BodyTooLargeError) {
        answerError(req, res, 413, {
          code: REFUSED,
          message: `The body is larger than ${this.#maxBodyBytes} bytes`,
        });
      } else if (error instanceof BodyNotJsonError) {
        answerError(req, res, 400, { code: PARSE_ERROR, message: `Parse error: ${error.message}` });
      } else {
        throw error;
      }
    }
    return undefined;
  }

  async #exchange(
    req: McpRequest,
    res: ServerResponse,
    principal: Principal,
    message: object,
  ): Promise<void> {
    const ending = this.inFlight.begin();
    res.once('close', () => {
      if (!res.writableFinished) ending.abort();
    });
    try {
      const exchange: Exchange = {
        transport: 'http',
        principal,
        signal: ending.signal,
        traceparent: header(req, 'traceparent'),
        tracestate: header(req, 'tracestate'),
      };
      const missing = this.#scopesMissing(principal, message);
      if (missing) return await this.#refuseScopes(req, res, exchange, message, missing);
      if ((message as { method?: unknown }).method === 'subscriptions/listen') {
        const expiresAt = tokenExpiry(req.headers.authorization) + this.#clockSkewMs;
        return await this.listenStreams.serve(req, res, { message, exchange, expiresAt });
      }
      const request = modernRequest(req.headers, message);
      const answer = request && this.modern.answer(request, exchange);
      if (answer !== undefined) return sendJson(res, await answer);
      req.auth = {
        token: '',
        clientId: principal.client,
        scopes: [...principal.scopes],
        extra: { exchange },
      };
      await this.#serve(req, res, message);
    } finally {
      this.inFlight.end(ending);
    }
  }

  /** The scopes a tool call needs, if the principal lacks any of them. */
  #scopesMissing(
    principal: Principal,
    message: object,
  ): { name: string; scopes: readonly string[] } | undefined {
    const { method, params } = message as { method?: unknown; params?: { name?: unknown } };
    if (method !== 'tools/call' || typeof params?.name !== 'string') return undefined;
    const tool = this.catalogue.toolContract(params.name);
    return tool && !mayUse(principal, tool) ? tool : undefined;
  }

  /** 403 with the scopes to ask for. The call still runs into its pipeline, so that the refusal is logged and counted. */
  async #refuseScopes(
    req: IncomingMessage,
    res: ServerResponse,
    exchange: Exchange,
    message: object,
    { name, scopes }: { name: string; scopes: readonly string[] },
  ): Promise<void> {
    await this.catalogue.call(name, undefined, {
      principal: exchange.principal,
      meta: {
        transport: 'http',
        protocolVersion: header(req, 'mcp-protocol-version') ?? 'legacy',
        traceparent: exchange.traceparent,
      },
      signal: exchange.signal,
      reportProgress: () => {},
    });
    answerError(
      req,
      res,
      403,
      { code: REFUSED, message: `Insufficient scope: ${name} needs ${scopes.join(' ')}` },
      { id: idOf(message), headers: { 'www-authenticate': this.resource.challenge403([...scopes]) } },
    );
  }
}

function header(req: IncomingMessage, name: string): string | undefined {
  const value = req.headers[name];
  return typeof value === 'string' ? value : undefined;
}
