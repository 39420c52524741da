import { randomBytes } from 'node:crypto';

/** A service whose image is tested: what it is given beside the settings that all have, and a call that reads its database. */
export interface TestedService {
  readonly name: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly scopes: readonly string[];
  readonly call: readonly [tool: string, args: Record<string, unknown>];
  readonly answer: object;
}

export const SERVICES: readonly TestedService[] = [
  {
    name: 'records',
    settings: {},
    scopes: ['records:read'],
    call: ['list_collections', {}],
    answer: { items: [] },
  },
  {
    name: 'payments',
    // Nothing is sent there: neither the start nor the call needs the provider.
    settings: { MCP_PAYMENTS_STRIPE_KEY: `sk_test_${randomBytes(12).toString('hex')}` },
    scopes: ['payments:read'],
    call: ['list_payments', {}],
    answer: { items: [] },
  },
  {
    name: 'orders',
    settings: {
      MCP_REMOTE_PAYMENTS_URL: 'https://payments.example.com/mcp',
      MCP_REMOTE_RECORDS_URL: 'https://records.example.com/mcp',
      MCP_AUTH_CLIENT_ID: 'gantry-orders',
      MCP_AUTH_CLIENT_SECRET: randomBytes(12).toString('hex'),
    },
    scopes: ['orders:read'],
    call: ['search_products', { text: 'coffee' }],
    answer: { items: [] },
  },
];
