import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { operationContractOf, type OperationContract, type RunsOperation } from './operation.ts';

/** A handler with the contract it was marked with. */
export interface KnownHandler {
  readonly contract: OperationContract;
  readonly handler: RunsOperation<OperationContract>;
}

/** The operations that this service can run, found in Nest's container. */
@Injectable()
export class OperationHandlers implements OnModuleInit {
  readonly #handlers = new Map<string, KnownHandler>();

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    for (const { metatype, instance } of this.discovery.getProviders()) {
      const contract = operationContractOf(metatype);
      if (!contract || !instance) continue;
      if (this.#handlers.has(contract.kind))
        throw new Error(`Two handlers run operations of kind ${contract.kind}.`);
      this.#handlers.set(contract.kind, { contract, handler: instance as RunsOperation<OperationContract> });
    }
  }

  /** All kinds. */
  get kinds(): string[] {
    return [...this.#handlers.keys()];
  }

  /** The handler of a kind, if there is one. */
  find(kind: string): KnownHandler | undefined {
    return this.#handlers.get(kind);
  }
}
