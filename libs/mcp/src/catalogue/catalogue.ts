import {
  composePipeline,
  stageSlotOf,
  success,
  toolContractOf,
  type Next,
  type Outcome,
  type Principal,
  type StageSlot,
  type ToolContract,
  type ToolHandler,
  type ToolStage,
} from '@gantry/pipeline';
import { Injectable, Optional, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Cache } from '@gantry/cache';
import { MAX_TOOLS } from './contract-rules.ts';
import { mayUse } from './may-use.ts';
import { promptContractOf, type PromptHandler } from './prompt.ts';
import { Prompts } from './prompts.ts';
import { resourceTemplateContractOf, type ResourceTemplateHandler } from './resource-template.ts';
import { resourceContractOf, type ResourceHandler } from './resource.ts';
import { Resources } from './resources.ts';
import { runningCall, type CallRequest } from './running-call.ts';
import { toolListing, type ToolListing } from './tool-listing.ts';

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

/**
 * All that the service offers, found in Nest's container and prepared once at start. Front ends translate
 * between the wire and this; they know nothing of tools, and tools nothing of them.
 */
@Injectable()
export class Catalogue implements OnModuleInit {
  readonly #tools = new Map<string, CatalogueTool>();
  #resources = new Resources(new Map(), undefined);
  #prompts = new Prompts(new Map());
  readonly #listings = new Map<string, readonly ToolListing[]>();
  readonly #listingsByScopes = new WeakMap<Principal['scopes'], readonly ToolListing[]>();

  constructor(
    private readonly discovery: DiscoveryService,
    @Optional() private readonly cache?: Cache,
  ) {}

  onModuleInit(): void {
    const stages = new Map<StageSlot, ToolStage>();
    const providers = this.discovery.getProviders().filter((wrapper) => wrapper.instance);
    for (const { metatype, instance } of providers) {
      const slot = stageSlotOf(metatype);
      if (slot && stages.has(slot) && stages.get(slot) !== instance)
        throw new Error(`Two stages claim the slot ${slot}.`);
      if (slot) stages.set(slot, instance as ToolStage);
    }
    this.#resources = new Resources(stages, this.cache);
    this.#prompts = new Prompts(stages);
    for (const { metatype, instance } of providers) {
      const tool = toolContractOf(metatype);
      if (tool) this.#addTool(tool, instance as ToolHandler<ToolContract>, stages);
      const resource = resourceContractOf(metatype);
      if (resource) this.#resources.addFixed(resource, instance as ResourceHandler);
      const template = resourceTemplateContractOf(metatype);
      if (template) this.#resources.addTemplate(template, instance as ResourceTemplateHandler);
      const prompt = promptContractOf(metatype);
      if (prompt) this.#prompts.add(prompt, instance as PromptHandler);
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

  /** Resources and their templates. */
  get resources(): Resources {
    return this.#resources;
  }

  /** Prompts. */
  get prompts(): Prompts {
    return this.#prompts;
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
    let listings = this.#listingsByScopes.get(principal.scopes);
    if (!listings) this.#listingsByScopes.set(principal.scopes, (listings = this.#listed(principal)));
    return listings;
  }

  /** One array for all principals that see the same. */
  #listed(principal: Principal): readonly ToolListing[] {
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
    const call = runningCall(tool.contract, args, request);
    return { outcome: await tool.run(call), meta: call.resultMeta };
  }
}
