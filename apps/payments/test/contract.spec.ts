import { testContract } from '@gantry/contract';
import { idempotencyKey, toolContractOf } from '@gantry/pipeline';
import { contractOf, serviceFindings } from '@gantry/service';
import { describe, expect, it } from '@jest/globals';
import { MODULE_METADATA } from '@nestjs/common/constants.js';
import { randomBytes } from 'node:crypto';
import { PaymentsModule } from '../src/payments.module.ts';

testContract({
  service: 'payments',
  contract: await contractOf(PaymentsModule, {
    env: {
      MCP_DATABASE_URL: 'postgres://localhost/payments',
      MCP_REDIS_URL: 'redis://localhost',
      MCP_PAYMENTS_STRIPE_KEY: `sk_test_${randomBytes(8).toString('hex')}`,
    },
  }),
  findings: serviceFindings(PaymentsModule),
  tokenBudget: 10_250,
  folder: new URL('../contract/', import.meta.url),
});

/** What every service has besides looks at no input. */
const tools = (Reflect.getMetadata(MODULE_METADATA.PROVIDERS, PaymentsModule) as unknown[])
  .map(toolContractOf)
  .filter((tool) => tool !== undefined);

describe('every tool of payments', () => {
  it.each(tools)('refuses card numbers anywhere in its input: $name', (contract) => {
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
});
