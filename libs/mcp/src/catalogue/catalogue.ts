import {
  composePipeline,
  stageSlotOf,
  success,
  toolContractOf,
  type Next,
  type Outcome,
  type Principal,
  type RequestMeta,
  type RunningCall,
  type StageSlot,
  type ToolContract,
  type ToolHandler,
  type ToolStage,
} from '@gantry/pipeline';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { typeid } from 'typeid-js';
import { MAX_TOOLS } from './contract-rules.ts';
import { resourceContractOf, type ResourceContract, type ResourceHandler } from './resource.ts';
import { toolListing, type ToolListing } from './tool-listing.ts';

/** What a front end knows of a tool call before the pipeline has seen it. */
export interface CallRequest {
  readonly principal: Principal;
  readonly meta: RequestMeta;
  readonly signal: AbortSignal;
  reportProgress(progress: number, total?: number, message?: string): void;
}

/** How a call ended, and what goes out beside it. */
export interface CallResult {
  readonly outcome: Outcome;
  /** `_meta` of the result. */
  readonly meta: Record<string, unknown>;
}

interface CatalogueTool {
  readonly contract: ToolContract;
  readonly listing: ToolListing;
  readonly run: Next;
}

interface CatalogueResource {
  readonly contract: ResourceContract;
  readonly handler: ResourceHandler;
}

/**
 * All that the service offers, found in Nest's container and prepared once at start. Front ends translate
 * between the wire and this; they know nothing of tools, and tools nothing of them.
 */
@Injectable()
export class Catalogue implements OnModuleInit {
  readonly #tools = new Map<string, CatalogueTool>();
  readonly #resources = new Map<string, CatalogueResource>();
  readonly #listings = new Map<string, readonly ToolListing[]>();

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    const stages = new Map<StageSlot, ToolStage>();
    const providers = this.discovery.getProviders().filter((wrapper) => wrapper.instance);
    for (const { metatype, instance } of providers) {
      const slot = stageSlotOf(metatype);
      if (slot && stages.has(slot) && stages.get(slot) !== instance)
        throw new Error(`Two stages claim the slot ${slot}.`);
      if (slot) stages.set(slot, instance as ToolStage);
    }
    for (const { metatype, instance } of providers) {
      const tool = toolContractOf(metatype);
      if (tool) this.#addTool(tool, instance as ToolHandler<ToolContract>, stages);
      const resource = resourceContractOf(metatype);
      if (resource)
        this.#resources.set(resource.uri, { contract: resource, handler: instance as ResourceHandler });
    }
    if (this.#tools.size > MAX_TOOLS) {
      throw new Error(`A service offers at most ${MAX_TOOLS} tools; this one has ${this.#tools.size}.`);
    }
  }

  #addTool(
    contract: ToolContract,
    handler: ToolHandler<ToolContract>,
    stages: Map<StageSlot, ToolStage>,
  ): void {
    if (this.#tools.has(contract.name)) throw new Error(`Two tools are named ${contract.name}.`);
    const run = composePipeline(contract, stages, async (call) =>
      success(await handler.call(call.input, call)),
    );
    this.#tools.set(contract.name, { contract, listing: toolListing(contract), run });
  }

  /** Contracts of all tools, in name order. */
  get contracts(): readonly ToolContract[] {
    return [...this.#tools.values()].map((tool) => tool.contract).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The contract of one tool, or undefined. */
  toolContract(name: string): ToolContract | undefined {
    return this.#tools.get(name)?.contract;
  }

  /** The tools a principal may call, in name order: the same list for the same scopes. */
  toolsFor(principal: Principal): readonly ToolListing[] {
    const callable = this.contracts.filter((tool) => mayUse(principal, tool));
    const key = callable.map((tool) => tool.name).join();
    let listings = this.#listings.get(key);
    if (!listings) {
      listings = callable.map((tool) => this.#tools.get(tool.name)!.listing);
      this.#listings.set(key, listings);
    }
    return listings;
  }

  /** Runs a tool through its pipeline. Never rejects; `undefined` if there is no such tool. */
  async call(name: string, args: unknown, request: CallRequest): Promise<CallResult | undefined> {
    const tool = this.#tools.get(name);
    if (!tool) return undefined;
    const call: RunningCall = {
      requestId: typeid('req').toString(),
      tool: tool.contract,
      principal: request.principal,
      meta: request.meta,
      signal: request.signal,
      deadline: Number.POSITIVE_INFINITY,
      arguments: args,
      input: {},
      idempotencyKey: undefined,
      resultMeta: {},
      reportProgress: (progress, total, message) => request.reportProgress(progress, total, message),
    };
    return { outcome: await tool.run(call), meta: call.resultMeta };
  }

  /** The resources a principal may read, in URI order. */
  resourcesFor(principal: Principal): readonly ResourceContract[] {
    return [...this.#resources.values()]
      .map((resource) => resource.contract)
      .filter((contract) => mayUse(principal, contract))
      .sort((a, b) => (a.uri < b.uri ? -1 : 1));
  }

  /** A resource the principal may read, or undefined: what one may not read does not exist. */
  resource(uri: string, principal: Principal): CatalogueResource | undefined {
    const resource = this.#resources.get(uri);
    return resource && mayUse(principal, resource.contract) ? resource : undefined;
  }
}

/** Does the principal hold all scopes that something needs? */
export function mayUse(principal: Principal, needs: { readonly scopes: readonly string[] }): boolean {
  return needs.scopes.every((scope) => principal.scopes.has(scope));
}
