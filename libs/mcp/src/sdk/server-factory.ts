import { Log, ServiceInfo } from '@gantry/observability';
import type { RequestMeta } from '@gantry/pipeline';
import {
  CLIENT_INFO_META_KEY,
  PROTOCOL_VERSION_META_KEY,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { Injectable } from '@nestjs/common';
import { Catalogue } from '../catalogue/catalogue.ts';
import type { Exchange } from './exchange.ts';
import { toolResult, type Era } from './tool-result.ts';

/** Lists change only with a new version of the service, but what is shown depends on the token. */
const LIST_TTL_MS = 60_000;

/**
 * Makes the official SDK's server objects over the {@link Catalogue}: one per HTTP request, one per stdio
 * connection. The SDK speaks the protocol; nothing but translation happens here.
 */
@Injectable()
export class ServerFactory {
  readonly #log: Log;

  constructor(
    private readonly catalogue: Catalogue,
    private readonly service: ServiceInfo,
    log: Log,
  ) {
    this.#log = log.child({ component: 'mcp' });
  }

  /** A fresh server for one exchange. */
  create(exchange: Exchange, era: Era): Server {
    const server = new Server(
      { name: this.service.name, version: this.service.version },
      {
        capabilities: { tools: {}, resources: {} },
        cacheHints: {
          'server/discover': { ttlMs: LIST_TTL_MS, cacheScope: 'public' },
          'tools/list': { ttlMs: LIST_TTL_MS, cacheScope: 'private' },
          'resources/list': { ttlMs: LIST_TTL_MS, cacheScope: 'private' },
          'resources/templates/list': { ttlMs: LIST_TTL_MS, cacheScope: 'private' },
        },
      },
    );
    const { catalogue } = this;
    const { principal } = exchange;
    server.setRequestHandler('tools/list', ({ params }) => {
      refuseCursor(params);
      return { tools: [...catalogue.toolsFor(principal)] };
    });
    server.setRequestHandler('tools/call', async ({ params }, ctx) => {
      const result = await catalogue.call(params.name, params.arguments, {
        principal,
        meta: requestMeta(exchange, server, ctx),
        signal: eitherSignal(exchange.signal, ctx.mcpReq.signal),
        reportProgress: (progress, total, message) => this.#notifyProgress(ctx, progress, total, message),
      });
      if (!result)
        throw new ProtocolError(
          ProtocolErrorCode.InvalidParams,
          `Unknown tool: ${params.name.slice(0, 100)}`,
        );
      return toolResult(result, era);
    });
    server.setRequestHandler('resources/list', ({ params }) => {
      refuseCursor(params);
      const resources = catalogue.resourcesFor(principal);
      return {
        resources: resources.map(({ uri, name, title, description, mimeType }) => ({
          uri,
          name,
          title,
          description,
          mimeType,
        })),
      };
    });
    server.setRequestHandler('resources/templates/list', ({ params }) => {
      refuseCursor(params);
      return { resourceTemplates: [] };
    });
    server.setRequestHandler('resources/read', ({ params }, ctx) => this.#read(params.uri, exchange, ctx));
    return server;
  }

  async #read(uri: string, exchange: Exchange, ctx: ServerContext) {
    const { principal } = exchange;
    const resource = this.catalogue.resource(uri, principal);
    if (!resource) throw new ResourceNotFoundError(uri.slice(0, 200));
    const { mimeType, ttlMs } = resource.contract;
    try {
      const text = await resource.handler.read({
        principal,
        signal: eitherSignal(exchange.signal, ctx.mcpReq.signal),
      });
      return { contents: [{ uri, mimeType, text }], ttlMs, cacheScope: 'private' as const };
    } catch (error) {
      this.#log.error({ err: error, uri }, 'reading a resource failed');
      throw new ProtocolError(ProtocolErrorCode.InternalError, 'The service failed to read this resource.');
    }
  }

  #notifyProgress(ctx: ServerContext, progress: number, total?: number, message?: string): void {
    const progressToken = ctx.mcpReq._meta?.progressToken;
    if (progressToken === undefined) return;
    const params = {
      progressToken,
      progress,
      ...(total !== undefined && { total }),
      ...(message !== undefined && { message }),
    };
    ctx.mcpReq
      .notify({ method: 'notifications/progress', params })
      .catch((error: unknown) =>
        this.#log.debug({ err: error }, 'a progress notification was not delivered'),
      );
  }
}

/** Every list fits one page, so no cursor was ever handed out. */
function refuseCursor(params: { cursor?: string | undefined } | undefined): void {
  if (params?.cursor !== undefined)
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'Invalid cursor');
}

function eitherSignal(one: AbortSignal, other: AbortSignal): AbortSignal {
  return AbortSignal.any([one, other]);
}

function requestMeta(exchange: Exchange, server: Server, ctx: ServerContext): RequestMeta {
  const envelope = ctx.mcpReq.envelope as Record<string, unknown> | undefined;
  const client: { name?: unknown; version?: unknown } =
    envelope?.[CLIENT_INFO_META_KEY] ?? server.getClientVersion() ?? {};
  const meta = ctx.mcpReq._meta;
  const version = envelope?.[PROTOCOL_VERSION_META_KEY] ?? ctx.http?.req?.headers.get('mcp-protocol-version');
  return {
    transport: exchange.transport,
    protocolVersion: text(version) ?? 'legacy',
    clientName: text(client.name),
    clientVersion: text(client.version),
    traceparent: text(meta?.['traceparent']) ?? exchange.traceparent,
    tracestate: text(meta?.['tracestate']) ?? exchange.tracestate,
    baggage: text(meta?.['baggage']),
  };
}

/** A short string from the wire, or nothing. */
function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= 1_024 ? value : undefined;
}
