import type { ModuleReference } from '@gantry/config';
import {
  promptContractOf,
  resourceContractOf,
  resourceTemplateContractOf,
  type PromptContract,
  type ResourceContract,
  type ResourceTemplateContract,
} from '@gantry/mcp';
import { stageSlotOf, toolContractOf, type ToolContract } from '@gantry/pipeline';
import type { DynamicModule, ForwardReference } from '@nestjs/common';
import { MODULE_METADATA } from '@nestjs/common/constants.js';

/** What a module and all that it imports add to a service. */
export interface Offer {
  readonly tools: readonly ToolContract[];
  readonly resources: readonly ResourceContract[];
  readonly resourceTemplates: readonly ResourceTemplateContract[];
  readonly prompts: readonly PromptContract[];
  /** Names of classes that take part in how calls are run. */
  readonly stages: readonly string[];
}

/**
 * Reads from the modules what they will offer, before anything of them is built. Finds what the catalogue finds.
 *
 * @param seen - modules that count as someone else's; those that were visited are added
 * @throws TypeError if an import is not a module
 */
export function offerOf(root: ModuleReference, seen: Set<unknown>): Offer {
  const classes = new Set<unknown>();

  function visit(reference: unknown): void {
    if (seen.has(reference)) return;
    seen.add(reference);
    if (isForwardReference(reference)) return visit(reference.forwardRef());
    if (isDynamicModule(reference)) {
      visit(reference.module);
      visitParts(reference.imports, reference.providers);
    } else if (typeof reference === 'function') {
      visitParts(listOf(MODULE_METADATA.IMPORTS, reference), listOf(MODULE_METADATA.PROVIDERS, reference));
    } else {
      throw new TypeError(`${String(reference)} among the imports is not a module`);
    }
  }

  function visitParts(imports: readonly unknown[] = [], providers: readonly unknown[] = []): void {
    for (const imported of imports) visit(imported);
    for (const provider of providers) classes.add(classOf(provider));
  }

  visit(root);
  const types = [...classes];
  return {
    tools: found(types, toolContractOf),
    resources: found(types, resourceContractOf),
    resourceTemplates: found(types, resourceTemplateContractOf),
    prompts: found(types, promptContractOf),
    stages: types.filter((type) => stageSlotOf(type)).map((type) => (type as { name: string }).name),
  };
}

function found<Contract>(
  types: readonly unknown[],
  contractOf: (type: unknown) => Contract | undefined,
): Contract[] {
  return types.map(contractOf).filter((contract) => contract !== undefined);
}

function classOf(provider: unknown): unknown {
  return typeof provider === 'object' && provider !== null && 'useClass' in provider
    ? provider.useClass
    : provider;
}

function listOf(key: string, type: object): readonly unknown[] | undefined {
  return Reflect.getMetadata(key, type) as unknown[] | undefined;
}

function isForwardReference(reference: unknown): reference is ForwardReference<() => unknown> {
  return typeof reference === 'object' && reference !== null && 'forwardRef' in reference;
}

function isDynamicModule(reference: unknown): reference is DynamicModule {
  return typeof reference === 'object' && reference !== null && 'module' in reference;
}
