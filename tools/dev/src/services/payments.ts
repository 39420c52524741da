import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { randomSecret } from '../secret-folder.ts';
import { seedPayments } from '../seed-payments.ts';
import { ROOT, type ServiceEntry } from '../service-entry.ts';

export const PAYMENTS: ServiceEntry = {
  name: 'payments',
  tsconfig: 'apps/payments/tsconfig.lib.json',
  portOffset: 2,
  program: join(ROOT, 'apps/payments/dist/main.js'),
  scopes: ['payments:read', 'payments:write', 'payments:approve', 'payments:admin'],
  settings: { MCP_PAYMENTS_APPROVAL_THRESHOLDS: 'EUR=100000,USD=100000,JPY=150000' },
  secrets: [
    {
      name: 'stripe-key',
      variable: 'MCP_PAYMENTS_STRIPE_KEY',
      make: () => `sk_test_${randomBytes(24).toString('hex')}`,
    },
    {
      name: 'stripe-webhook-secret',
      variable: 'MCP_PAYMENTS_STRIPE_WEBHOOK_SECRET',
      make: () => `whsec_${randomSecret()}`,
    },
  ],
  simulator: {
    name: 'psp-simulator',
    portOffset: 10,
    program: join(ROOT, 'tools/psp-simulator/src/main.ts'),
    healthPath: '/_simulator/health',
    booksPath: '/_simulator/ledger',
    urlVariable: 'MCP_PAYMENTS_STRIPE_URL',
    webhook: { path: '/webhooks/stripe', secret: 'stripe-webhook-secret' },
  },
  seed: seedPayments,
  // The same key each time: whoever pastes it twice has paid once.
  firstCall: {
    tool: 'process_payment',
    args: {
      amount: 1_990,
      currency: 'EUR',
      payment_method: 'pm_card_visa',
      description: 'My first payment',
      idempotency_key: 'my-first-payment',
    },
  },
};
