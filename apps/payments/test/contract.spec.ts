import { describe, expect, it } from '@jest/globals';
import { contractFindings, MAX_TOOLS, resourceTemplateContractOf, toolListing } from '@gantry/mcp';
import { idempotencyKey, toolContractOf, type ToolContract } from '@gantry/pipeline';
import { MODULE_METADATA } from '@nestjs/common/constants.js';
import { countTokens } from 'gpt-tokenizer';
import { readFileSync, writeFileSync } from 'node:fs';
import { PaymentsModule } from '../src/payments.module.ts';

/** What a model pays for knowing this service; a growth beyond it is a decision, not an accident. */
const TOKEN_BUDGET = 10_000;

const providers = Reflect.getMetadata(MODULE_METADATA.PROVIDERS, PaymentsModule) as unknown[];
const contracts = providers
  .map(toolContractOf)
  .filter((contract): contract is ToolContract => contract !== undefined)
  .sort((a, b) => (a.name < b.name ? -1 : 1));
const named = contracts.map((contract) => [contract.name, contract] as const);

describe('the contract of payments', () => {
  it.each(named)('%s keeps the rules', (_name, contract) => {
    expect(contractFindings(contract)).toEqual([]);
  });

  it('offers what the design promises', () => {
    expect(contracts.map((contract) => contract.name)).toEqual([
      'approve_payment',
      'authorize_payment',
      'cancel_operation',
      'cancel_payment',
      'capture_payment',
      'check_operation_status',
      'find_payment_by_key',
      'get_balance',
      'get_payment',
      'list_ledger_entries',
      'list_payments',
      'process_payment',
      'refund_payment',
      'start_reconciliation',
    ]);
    expect(contracts.length).toBeLessThanOrEqual(MAX_TOOLS);
  });

  it.each(named)('%s refuses card numbers anywhere in its input', (_name, contract) => {
    const card = '4242 4242 4242 4242';
    // As the runtime completes it.
    const input = contract.input.extend({ idempotency_key: idempotencyKey.optional() }).strict();
    expect(contract.errors).toContain('card_number_refused');
    const fields = Object.keys(input.shape);
    const hidden = [
      ...fields.map((field) => ({ [field]: card })),
      ...fields.map((field) => ({ [field]: { deep: [card] } })),
      { other: card },
      { other: { [card]: 1 } },
      { [card]: 1 },
      { amount: 4242424242424242 },
      [card],
      card,
    ];
    for (const args of hidden) {
      const refusal = (() => {
        try {
          return input.safeParse(args);
        } catch (error) {
          return error;
        }
      })();
      expect(refusal).toMatchObject({ code: 'card_number_refused', retryable: false });
      expect(JSON.stringify((refusal as { toEnvelope(): object }).toEnvelope())).not.toMatch(/4242/);
    }
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

  it('is the one in contract/resources.json', () => {
    compare('resources.json', {
      templates: providers.map(resourceTemplateContractOf).filter((template) => template !== undefined),
    });
  });
});

function compare(file: string, promise: object): void {
  const snapshot = new URL(`../contract/${file}`, import.meta.url);
  if (process.env['UPDATE_CONTRACT']) writeFileSync(snapshot, `${JSON.stringify(promise, null, 2)}\n`);
  expect(promise).toEqual(JSON.parse(readFileSync(snapshot, 'utf8')));
}
