import { Log, ServiceInfo } from '@gantry/observability';
import type { RequestMeta } from '@gantry/pipeline';
import {
  CLIENT_INFO_META_KEY,
  PROTOCOL_VERSION_META_KEY,
  ProtocolError,
  ProtocolErrorCode,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { Injectable } from '@nestjs/common';
import { Catalogue } from '../catalogue/catalogue.ts';
import type { CallRequest } from '../catalogue/running-call.ts';
import { elicitationMeta, questionsOf } from '../elicitation/wire.ts';
import { Tasks } from '../tasks/tasks.ts';
import { capabilitiesOf } from './capabilities.ts';
import { clientCapabilities } from './client-capabilities.ts';
import type { Exchange } from './exchange.ts';
import { guardedServer } from './guarded-server.ts';
import { LIST_TTL_MS, refuseCursor } from './lists.ts';
import { serveCompletions } from './serve-completions.ts';
import { servePrompts } from './serve-prompts.ts';
import { serveResources } from './serve-resources.ts';
import { shortText } from './short-text.ts';
import { toolResult, type Era } from './tool-result.ts';

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
    private readonly tasks: Tasks,
    log: Log,
  ) {
    this.#log = log.child({ component: 'mcp' });
  }

  /** A fresh server for one exchange. */
  create(exchange: Exchange, era: Era): Server {
    const capabilities = { ...capabilitiesOf(this.catalogue, era), ...this.tasks.capabilities(era) };
    const server = guardedServer(
      (error) => this.#log.error({ err: error }, 'a request failed'),
      { name: this.service.name, version: this.service.version },
      {
        capabilities,
        cacheHints: {
          'server/discover': { ttlMs: LIST_TTL_MS, cacheScope: 'public' },
          'tools/list': { ttlMs: LIST_TTL_MS, cacheScope: 'private' },
          'resources/list': { ttlMs: LIST_TTL_MS, cacheScope: 'private' },
          'resources/templates/list': { ttlMs: LIST_TTL_MS, cacheScope: 'private' },
          'prompts/list': { ttlMs: LIST_TTL_MS, cacheScope: 'private' },
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
      const { inputResponses, requestState } = ctx.mcpReq;
      const answers = { requestState: requestState<string>(), inputResponses };
      const declared = clientCapabilities(ctx, era);
      const result = await catalogue.call(params.name, params.arguments, {
        principal,
        meta: { ...requestMeta(exchange, server, ctx), elicitation: elicitationMeta(declared, answers) },
        signal: eitherSignal(exchange.signal, ctx.mcpReq.signal),
        reportProgress: (progress, total, message) => this.#notifyProgress(ctx, progress, total, message),
      });
      if (!result)
        throw new ProtocolError(
          ProtocolErrorCode.InvalidParams,
          `Unknown tool: ${params.name.slice(0, 100)}`,
        );
      const taskOrQuestion = this.tasks.startedBy(params.name, result, declared) ?? questionsOf(result);
      return taskOrQuestion ?? toolResult(result, era);
    });
    const requestOf = (ctx: ServerContext) => this.#request(exchange, server, ctx);
    this.tasks.serve(server, era, requestOf);
    serveResources(server, catalogue.resources, requestOf);
    if (capabilities.prompts) servePrompts(server, catalogue.prompts, requestOf);
    if (capabilities.completions) serveCompletions(server, catalogue, requestOf);
    return server;
  }

  /** What a request that is no tool call brings along. */
  #request(exchange: Exchange, server: Server, ctx: ServerContext): CallRequest {
    return {
      principal: exchange.principal,
      meta: requestMeta(exchange, server, ctx),
      signal: eitherSignal(exchange.signal, ctx.mcpReq.signal),
      reportProgress: (progress, total, message) => this.#notifyProgress(ctx, progress, total, message),
    };
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
    protocolVersion: shortText(version) ?? 'legacy',
    clientName: shortText(client.name),
    clientVersion: shortText(client.version),
    traceparent: shortText(meta?.['traceparent']) ?? exchange.traceparent,
    tracestate: shortText(meta?.['tracestate']) ?? exchange.tracestate,
    baggage: shortText(meta?.['baggage']),
  };
}
