import { classMark, type Principal, type ToolLimits } from '@gantry/pipeline';

/** What a fixed resource promises. */
export interface ResourceContract {
  readonly uri: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly mimeType: string;
  /** All of them are needed; without them the resource is neither listed nor found. */
  readonly scopes: readonly string[];
  /** How long a client may keep what it read, in milliseconds. */
  readonly ttlMs: number;
  /** Bounds of a read; what is left out takes the defaults of tools. */
  readonly limits?: Partial<ToolLimits>;
}

/** What a reader of a resource may know of the request. */
export interface ResourceRequest {
  readonly principal: Principal;
  readonly signal: AbortSignal;
}

/** A resource: one class, one method. */
export interface ResourceHandler {
  /** The text of the resource, in the contract's MIME type. */
  read(request: ResourceRequest): Promise<string>;
}

const contracts = classMark<ResourceContract>('resource-contract');

/** Marks a provider as the resource with this contract. */
export function Resource(contract: ResourceContract) {
  return (target: abstract new (...args: never[]) => ResourceHandler): void => contracts.on(target, contract);
}

/** The contract a class was marked with, if any. */
export function resourceContractOf(type: unknown): ResourceContract | undefined {
  return contracts.of(type);
}
