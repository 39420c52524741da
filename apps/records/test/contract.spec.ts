import { describe, expect, it } from '@jest/globals';
import { contractFindings, MAX_TOOLS, toolListing } from '@gantry/mcp';
import { toolContractOf, type ToolContract } from '@gantry/pipeline';
import { MODULE_METADATA } from '@nestjs/common/constants.js';
import { countTokens } from 'gpt-tokenizer';
import { readFileSync, writeFileSync } from 'node:fs';
import { RecordsModule } from '../src/records.module.ts';

/** What a model pays for knowing this service; a growth beyond it is a decision, not an accident. */
const TOKEN_BUDGET = 9_000;

const SNAPSHOT = new URL('../contract/tools.json', import.meta.url);

const providers = Reflect.getMetadata(MODULE_METADATA.PROVIDERS, RecordsModule) as unknown[];
const contracts = providers
  .map(toolContractOf)
  .filter((contract): contract is ToolContract => contract !== undefined)
  .sort((a, b) => (a.name < b.name ? -1 : 1));

describe('the contract of records', () => {
  it.each(contracts.map((contract) => [contract.name, contract] as const))(
    '%s keeps the rules',
    (_name, contract) => {
      expect(contractFindings(contract)).toEqual([]);
    },
  );

  it('offers what the design promises', () => {
    expect(contracts.map((contract) => contract.name)).toEqual([
      'create_record',
      'define_collection',
      'delete_record',
      'get_record',
      'get_record_history',
      'list_collections',
      'list_records',
      'restore_record',
      'update_record',
    ]);
    expect(contracts.length).toBeLessThanOrEqual(MAX_TOOLS);
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
    if (process.env['UPDATE_CONTRACT']) writeFileSync(SNAPSHOT, `${JSON.stringify(promise, null, 2)}\n`);
    expect(promise).toEqual(JSON.parse(readFileSync(SNAPSHOT, 'utf8')));
    expect(promise.tokens).toBeLessThanOrEqual(TOKEN_BUDGET);
  });
});
