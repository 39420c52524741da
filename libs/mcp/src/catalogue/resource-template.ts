import { classMark, type ToolLimits } from '@gantry/pipeline';
import type { ResourceRequest } from './resource.ts';

/** What a family of resources promises: one per entity, named by the variables of its URI. */
export interface ResourceTemplateContract {
  /** RFC 6570, with variables that fill whole path segments: `records://collections/{collection}`. */
  readonly uriTemplate: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly mimeType: string;
  /** All of them are needed; without them the template is not listed and its resources are not found. */
  readonly scopes: readonly string[];
  /** How long a copy may be kept by clients, and by the service's own cache, in milliseconds. */
  readonly ttlMs: number;
  /**
   * Whether the service keeps copies: `tenant` (the default) shares one among all readers of a tenant. Say `none` if
   * what is read depends on more of the principal than its tenant, or must never be old.
   */
  readonly cache?: 'tenant' | 'none';
  /** Bounds of a read; what is left out takes the defaults of tools. */
  readonly limits?: Partial<ToolLimits>;
}

/** A resource that exists now. */
export interface ListedResource {
  readonly uri: string;
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
}

/** What a completion may know of the request. */
export interface CompletionRequest extends ResourceRequest {
  /** Values of the other variables or arguments, as far as they are chosen: from the client, not validated. */
  readonly chosen: Readonly<Record<string, string>>;
}

/** The resources of a template: one class. Every method runs in a unit of work that reads. */
export interface ResourceTemplateHandler {
  /**
   * The text of one resource, in the contract's MIME type; `undefined` if there is none.
   *
   * @param variables - decoded, not empty, bounded, but otherwise as the client sent them
   */
  read(variables: Record<string, string>, request: ResourceRequest): Promise<string | undefined>;
  /** Resources worth showing in `resources/list`; no more than the first 100 are. */
  list?(request: ResourceRequest): Promise<readonly ListedResource[]>;
  /** Values of a variable that begin with `prefix`, best first; no more than the first 100 are shown. */
  complete?(variable: string, prefix: string, request: CompletionRequest): Promise<readonly string[]>;
}

const contracts = classMark<ResourceTemplateContract>('resource-template-contract');

/**
 * Marks a provider as the resources of this template.
 *
 * @example
 * ```ts
 * \@ResourceTemplate({ uriTemplate: 'orders://orders/{order_id}', name: 'order', …, scopes: ['orders:read'], ttlMs: 5_000 })
 * export class OrderResource implements ResourceTemplateHandler { … }
 * ```
 */
export function ResourceTemplate(contract: ResourceTemplateContract) {
  return (target: abstract new (...args: never[]) => ResourceTemplateHandler): void =>
    contracts.on(target, contract);
}

/** The contract a class was marked with, if any. */
export function resourceTemplateContractOf(type: unknown): ResourceTemplateContract | undefined {
  return contracts.of(type);
}
