import { describe, expect, it } from '@jest/globals';
import {
  contractFindings,
  MAX_TOOLS,
  promptContractOf,
  resourceTemplateContractOf,
  toolListing,
} from '@gantry/mcp';
import { toolContractOf, type ToolContract } from '@gantry/pipeline';
import { MODULE_METADATA } from '@nestjs/common/constants.js';
import { countTokens } from 'gpt-tokenizer';
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { OrdersModule } from '../src/orders.module.ts';

/** What a model pays for knowing this service; a growth beyond it is a decision, not an accident. */
const TOKEN_BUDGET = 10_000;

const providers = Reflect.getMetadata(MODULE_METADATA.PROVIDERS, OrdersModule) as unknown[];
const contracts: readonly ToolContract[] = contractsBy(toolContractOf);

/** The contracts of the module's providers that have one of a kind, in the order of their names. */
function contractsBy<Contract extends { name: string }>(
  of: (type: unknown) => Contract | undefined,
): Contract[] {
  return providers.flatMap((provider) => of(provider) ?? []).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What is promised, and what was; after UPDATE_CONTRACT=1, what is. */
function compare(file: string, promise: object): void {
  const snapshot = new URL(`../contract/${file}`, import.meta.url);
  if (process.env['UPDATE_CONTRACT']) writeFileSync(snapshot, `${JSON.stringify(promise, null, 2)}\n`);
  expect(promise).toEqual(JSON.parse(readFileSync(snapshot, 'utf8')));
}

describe('the contract of orders', () => {
  it.each(contracts.map((contract) => [contract.name, contract] as const))(
    '%s keeps the rules',
    (_name, contract) => {
      expect(contractFindings(contract)).toEqual([]);
    },
  );

  it('offers what the design promises', () => {
    expect(contracts.map((contract) => contract.name)).toEqual([
      'cancel_operation',
      'cancel_order',
      'check_operation_status',
      'create_customer',
      'create_order',
      'get_customer',
      'get_order',
      'get_product',
      'import_catalogue',
      'list_orders',
      'pay_order',
      'restock_product',
      'return_order',
      'search_products',
      'ship_order',
    ]);
    // health_check comes with every service.
    expect(contracts.length + 1).toBeLessThanOrEqual(MAX_TOOLS);
  });

  it('is the one in contract/tools.json (UPDATE_CONTRACT=1 rewrites it)', () => {
    const tools = contracts.map((contract) => ({
      ...toolListing(contract),
      scopes: contract.scopes,
      effect: contract.effect,
      errors: contract.errors,
      limits: contract.limits,
    }));
    const listed = JSON.stringify({ tools: contracts.map(toolListing) });
    const promise = { tokens: countTokens(listed), tools };
    compare('tools.json', promise);
    expect(promise.tokens).toBeLessThanOrEqual(TOKEN_BUDGET);
  });

  it('is the one in contract/resources.json and contract/prompts.json', () => {
    compare('resources.json', { templates: contractsBy(resourceTemplateContractOf) });
    const prompts = contractsBy(promptContractOf).map((prompt) => ({
      ...prompt,
      arguments: z.toJSONSchema(prompt.arguments, { io: 'input' }),
    }));
    compare('prompts.json', { prompts });
  });
});
