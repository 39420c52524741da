import type { Principal } from '@gantry/pipeline';
import { z } from 'zod';
import type { Cache } from '@gantry/cache';
import {
  composeCompletion,
  type Completing,
  type Completion,
  type CompletionQuestion,
} from './completion.ts';
import { mayUse } from './may-use.ts';
import { composeReading, type ReadOutcome, type Reading, type Stages } from './reading.ts';
import type { ResourceTemplateContract, ResourceTemplateHandler } from './resource-template.ts';
import type { ResourceContract, ResourceHandler } from './resource.ts';
import type { CallRequest } from './running-call.ts';
import {
  composeTemplateList,
  composeTemplateRead,
  readText,
  type ListedResources,
} from './template-readings.ts';
import { UriTemplate } from './uri-template.ts';

/** What `resources/list` says of one resource. Field names are wire format. */
export interface ResourceListing {
  uri: string;
  name: string;
  title?: string | undefined;
  description?: string | undefined;
  mimeType: string;
}

/** What `resources/templates/list` says of one template. Field names are wire format. */
export interface ResourceTemplateListing {
  uriTemplate: string;
  name: string;
  title: string;
  description: string;
  mimeType: string;
}

interface FixedResource {
  readonly contract: ResourceContract;
  readonly read: Reading<{ text: string }>;
}

interface TemplateResource {
  readonly contract: ResourceTemplateContract;
  readonly template: UriTemplate;
  readonly read: Reading<{ text: string }>;
  readonly list: Reading<ListedResources> | undefined;
  readonly complete: Completing | undefined;
}

/** What was read, and how long it may be kept. */
export interface ReadResource {
  readonly outcome: ReadOutcome<{ text: string }>;
  readonly mimeType: string;
  readonly ttlMs: number;
}

/** The resources of the service, fixed ones and templates, each with its pipelines. */
export class Resources {
  readonly #fixed = new Map<string, FixedResource>();
  readonly #templates: TemplateResource[] = [];

  /** @param cache - keeps what templates read, if there is one */
  constructor(
    private readonly stages: Stages,
    private readonly cache: Cache | undefined,
  ) {}

  /** Throws if its URI or its name is taken. */
  addFixed(contract: ResourceContract, handler: ResourceHandler): void {
    const { uri, name, scopes } = contract;
    if (this.#fixed.has(uri)) throw new Error(`Two resources have the URI ${uri}.`);
    this.#refuseTakenName(name);
    const read = composeReading(
      {
        name: `read_resource:${name}`,
        input: z.strictObject({}),
        output: readText,
        scopes,
        limits: contract.limits,
      },
      this.stages,
      async (_input, request) => ({ text: await handler.read(request) }),
    );
    this.#fixed.set(uri, { contract, read });
  }

  /** Throws if its template is none, or matches what another one matches, or if its name is taken. */
  addTemplate(contract: ResourceTemplateContract, handler: ResourceTemplateHandler): void {
    const { uriTemplate, name, scopes } = contract;
    const template = new UriTemplate(uriTemplate);
    const twin = this.#templates.find((other) => other.template.shape === template.shape);
    if (twin)
      throw new Error(
        `Two resource templates match the same URIs: ${twin.template.text} and ${uriTemplate}.`,
      );
    this.#refuseTakenName(name);
    this.#templates.push({
      contract,
      template,
      read: composeTemplateRead(contract, template, handler, this.stages, this.cache),
      list: composeTemplateList(contract, template, handler, this.stages),
      complete: composeCompletion(
        { name: `complete_resource:${name}`, scopes, names: template.variables },
        this.stages,
        handler,
      ),
    });
    this.#templates.sort((a, b) => (a.template.text < b.template.text ? -1 : 1));
  }

  /** Contracts of the fixed resources, in URI order. */
  get contracts(): readonly ResourceContract[] {
    return [...this.#fixed.values()].map(({ contract }) => contract).sort(byUri);
  }

  /** Contracts of the templates, in the order of their URIs. */
  get templateContracts(): readonly ResourceTemplateContract[] {
    return this.#templates.map(({ contract }) => contract);
  }

  /** Does any template complete its variables? */
  get hasCompletion(): boolean {
    return this.#templates.some(({ complete }) => complete);
  }

  /** Does `resources/list` show what is not fixed? */
  get listVaries(): boolean {
    return this.#templates.some(({ list }) => list);
  }

  /** How long a list may be kept: no longer than what is read of the resources in it. */
  get listTtlMs(): number {
    return Math.min(...this.#templates.map(({ list, contract }) => (list ? contract.ttlMs : Infinity)));
  }

  /** The templates a principal may read, in the order of their URIs. */
  templatesFor(principal: Principal): readonly ResourceTemplateListing[] {
    return this.#templates
      .filter(({ contract }) => mayUse(principal, contract))
      .map(({ contract }) => {
        const { uriTemplate, name, title, description, mimeType } = contract;
        return { uriTemplate, name, title, description, mimeType };
      });
  }

  /** May this principal hear that the list of resources has changed? */
  listVariesFor(principal: Principal): boolean {
    return this.#templates.some(({ list, contract }) => list && mayUse(principal, contract));
  }

  /** Could this principal read this URI, if there is something behind it? */
  isReadable(uri: string, principal: Principal): boolean {
    const contract = this.#fixed.get(uri)?.contract ?? this.#match(uri)?.contract;
    return contract !== undefined && mayUse(principal, contract);
  }

  /** The one URI among those that name the same resource: `a%2db` is `a-b`. */
  canonical(uri: string): string {
    return this.#match(uri)?.uri ?? uri;
  }

  /** The resources a principal may read: the fixed ones in URI order, then those that templates list. */
  async list(request: CallRequest): Promise<ReadOutcome<ResourceListing[]>> {
    const usable = this.#templates.filter(({ contract }) => mayUse(request.principal, contract));
    const resources: ResourceListing[] = this.contracts
      .filter((contract) => mayUse(request.principal, contract))
      .map(({ uri, name, title, description, mimeType }) => ({ uri, name, title, description, mimeType }));
    for (const { list, contract } of usable) {
      const outcome = await list?.({}, request);
      if (outcome?.ok === false) return outcome;
      const { mimeType } = contract;
      resources.push(...(outcome?.output.resources.sort(byUri).map((one) => ({ ...one, mimeType })) ?? []));
    }
    return { ok: true, output: resources };
  }

  /** Reads a resource; `undefined` if no contract has this URI. A refusal for want of scopes is an outcome. */
  async read(uri: string, request: CallRequest): Promise<ReadResource | undefined> {
    const found = this.#fixed.get(uri) ?? this.#match(uri);
    if (!found) return undefined;
    const { contract, read } = found;
    const outcome = await read('variables' in found ? found.variables : {}, request);
    return { outcome, mimeType: contract.mimeType, ttlMs: contract.ttlMs };
  }

  /** Completes a variable; `undefined` if there is no such template, or none that the principal may read. */
  async complete(
    uriTemplate: string,
    asked: CompletionQuestion,
    request: CallRequest,
  ): Promise<ReadOutcome<Completion> | undefined> {
    const found = this.#templates.find(({ template }) => template.text === uriTemplate);
    if (!found || !mayUse(request.principal, found.contract)) return undefined;
    return found.complete?.(asked, request) ?? { ok: true, output: { values: [], hasMore: false } };
  }

  #match(uri: string): (TemplateResource & { variables: Record<string, string>; uri: string }) | undefined {
    for (const one of this.#templates) {
      const variables = one.template.match(uri);
      if (variables) return { ...one, variables, uri: one.template.expand(variables) };
    }
    return undefined;
  }

  #refuseTakenName(name: string): void {
    if ([...this.contracts, ...this.templateContracts].some((other) => other.name === name))
      throw new Error(`Two resources are named ${name}.`);
  }
}

function byUri(a: { uri: string }, b: { uri: string }): number {
  return a.uri < b.uri ? -1 : 1;
}
