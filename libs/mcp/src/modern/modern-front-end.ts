import { ServiceInfo } from '@gantry/observability';
import type { Principal, RequestMeta } from '@gantry/pipeline';
import { SERVER_INFO_META_KEY } from '@modelcontextprotocol/server';
import { Injectable } from '@nestjs/common';
import { Catalogue, type CallResult } from '../catalogue/catalogue.ts';
import type { ToolListing } from '../catalogue/tool-listing.ts';
import { elicitationMeta, questionsOf } from '../elicitation/wire.ts';
import type { Exchange } from '../sdk/exchange.ts';
import { LIST_TTL_MS } from '../sdk/lists.ts';
import { shortText } from '../sdk/short-text.ts';
import { Tasks } from '../tasks/tasks.ts';
import { hasOther, isObject, MODERN_REVISION, type ModernRequest } from './modern-request.ts';
import { toolMembers } from './tool-answer.ts';

const LIST_PARAMS = new Set(['_meta']);
const CALL_PARAMS = new Set(['_meta', 'name', 'arguments']);

/**
 * Answers what nearly every request of 2026-07-28 is: `tools/call` and `tools/list`, straight from the
 * {@link Catalogue}, without a server object for each. All else is the SDK's. That both say the same is tested in
 * `test/modern.spec.ts`.
 */
@Injectable()
export class ModernFrontEnd {
  readonly #serverInfo: { name: string; version: string };
  readonly #metaMember: string;
  readonly #lists = new WeakMap<readonly ToolListing[], string>();

  constructor(
    private readonly catalogue: Catalogue,
    private readonly tasks: Tasks,
    { name, version }: ServiceInfo,
  ) {
    this.#serverInfo = { name, version };
    this.#metaMember = `"_meta":${JSON.stringify({ [SERVER_INFO_META_KEY]: this.#serverInfo })}`;
  }

  /** The answer as JSON; `undefined` if the SDK is to give it. */
  answer(request: ModernRequest, exchange: Exchange): Promise<string> | string | undefined {
    if (request.method === 'tools/call') return this.#call(request, exchange);
    if (request.method === 'tools/list') return this.#list(request, exchange.principal);
    return undefined;
  }

  #list({ id, params }: ModernRequest, principal: Principal): string | undefined {
    if (hasOther(params, LIST_PARAMS)) return undefined;
    const tools = this.catalogue.toolsFor(principal);
    let members = this.#lists.get(tools);
    if (members === undefined) {
      members = `"resultType":"complete","tools":${JSON.stringify(tools)},"ttlMs":${LIST_TTL_MS},"cacheScope":"private"`;
      this.#lists.set(tools, members);
    }
    return response(id, `${members},${this.#metaMember}`);
  }

  #call(request: ModernRequest, exchange: Exchange): Promise<string> | undefined {
    const { params, nameHeader } = request;
    const { name, arguments: args } = params;
    if (hasOther(params, CALL_PARAMS) || (args !== undefined && !isObject(args))) return undefined;
    if (typeof name !== 'string' || name !== nameHeader || !this.catalogue.toolContract(name))
      return undefined;
    return this.#run(name, args, request, exchange);
  }

  async #run(name: string, args: unknown, request: ModernRequest, exchange: Exchange): Promise<string> {
    const result = await this.catalogue.call(name, args, {
      principal: exchange.principal,
      meta: requestMeta(request, exchange),
      signal: exchange.signal,
      reportProgress: noProgress,
    });
    return response(request.id, this.#members(name, result!, request));
  }

  #members(name: string, result: CallResult, { capabilities }: ModernRequest): string {
    const other = this.tasks.startedBy(name, result, capabilities) ?? questionsOf(result);
    if (other) {
      const _meta = { ...result.meta, [SERVER_INFO_META_KEY]: this.#serverInfo };
      return JSON.stringify({ ...other, _meta }).slice(1, -1);
    }
    return `${toolMembers(result.outcome)},${this.#metaMemberOf(result.meta)}`;
  }

  #metaMemberOf(meta: Record<string, unknown>): string {
    for (const _key in meta)
      return `"_meta":${JSON.stringify({ ...meta, [SERVER_INFO_META_KEY]: this.#serverInfo })}`;
    return this.#metaMember;
  }
}

function response(id: string | number, members: string): string {
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{${members}}}`;
}

function requestMeta({ meta, clientInfo, capabilities }: ModernRequest, exchange: Exchange): RequestMeta {
  return {
    transport: exchange.transport,
    protocolVersion: MODERN_REVISION,
    clientName: shortText(clientInfo?.name),
    clientVersion: shortText(clientInfo?.version),
    traceparent: shortText(meta['traceparent']) ?? exchange.traceparent,
    tracestate: shortText(meta['tracestate']) ?? exchange.tracestate,
    baggage: shortText(meta['baggage']),
    elicitation: elicitationMeta(capabilities),
  };
}

/** Who wants to hear of progress is served by the SDK, as a stream. */
function noProgress(): void {}
