import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomSecret } from './secret-folder.ts';
import { seedOrders } from './seed-orders.ts';
import { seedPayments } from './seed-payments.ts';
import { seedRecords } from './seed-records.ts';
import { StackError } from './stack-settings.ts';
import type { CallTool, ToolRequest } from './tool-request.ts';

/** A service of the development stack. */
export interface ServiceEntry {
  /** Also the name of its database, its roles and its log. */
  readonly name: string;
  /** Distance of its port from the base. */
  readonly portOffset: number;
  /** What is compiled before it is started, together with all that it references. */
  readonly tsconfig?: string;
  /** Serves; with the argument `migrate` brings the database up to date. */
  readonly program: string;
  readonly scopes: readonly string[];
  /** Settings that other services do not have. */
  readonly settings?: Readonly<Record<`MCP_${string}`, string>>;
  /** Secrets that other services do not have. */
  readonly secrets?: readonly ServiceSecret[];
  /** Services before it in the table that it calls in its own name. To be ready it does not need them. */
  readonly calls?: readonly Callee[];
  /** In place of what the service calls outside of the stack. */
  readonly simulator?: SimulatorEntry;
  /** Makes demo data, as often as it is called only once. Resolves with what is there, in a few words. */
  readonly seed: (call: CallTool) => Promise<string>;
  /** What the stack proposes to try. */
  readonly firstCall: ToolRequest;
}

/** A service that another one calls. */
export interface Callee {
  readonly service: Pick<ServiceEntry, 'name' | 'portOffset'>;
  /** What the caller may do there. */
  readonly scopes: readonly string[];
}

/** A secret that a service reads from a file. */
export interface ServiceSecret {
  /** The file is called `<service>-<name>`. */
  readonly name: string;
  /** The service finds the file through this variable with `_FILE` behind it. */
  readonly variable: `MCP_${string}`;
  /** Makes one at the first run; 32 random bytes if left out. */
  readonly make?: () => string;
  /** Comes from outside of the stack, and may be another one at each run. */
  readonly given?: string;
}

/**
 * A server that plays somebody outside of the stack. It is started before its service with `--port`, `--state`,
 * `--webhook-url` and `--webhook-secret-file`.
 */
export interface SimulatorEntry {
  /** Also the name of its log and of its journal. */
  readonly name: string;
  /** Distance of its port from the base. */
  readonly portOffset: number;
  readonly program: string;
  /** Where it says that it is ready. */
  readonly healthPath: string;
  /** Where it shows what has really happened. */
  readonly booksPath: string;
  /** The setting by which the service finds it. */
  readonly urlVariable: `MCP_${string}`;
  /** Where in the service its webhooks go, and the name of the secret that they are signed with. */
  readonly webhook: { readonly path: string; readonly secret: string };
}

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** The service of this name. */
export function serviceNamed(services: readonly ServiceEntry[], name: string | undefined): ServiceEntry {
  const entry = services.find((service) => service.name === name);
  if (entry) return entry;
  const known = services.map((service) => service.name).join(', ');
  throw new StackError(`There is no service '${name}'; there are: ${known}.`);
}

const RECORDS: ServiceEntry = {
  name: 'records',
  tsconfig: 'apps/records/tsconfig.lib.json',
  portOffset: 1,
  program: join(ROOT, 'apps/records/dist/main.js'),
  scopes: ['records:read', 'records:write', 'records:admin'],
  seed: seedRecords,
  firstCall: {
    tool: 'list_records',
    args: {
      collection: 'countries',
      filter: [{ field: 'region', op: 'eq', value: 'Europe' }],
      sort: { field: 'area_km2', direction: 'desc' },
      fields: ['name', 'capital', 'area_km2'],
      limit: 3,
    },
  },
};

const PAYMENTS: ServiceEntry = {
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

const ORDERS: ServiceEntry = {
  name: 'orders',
  tsconfig: 'apps/orders/tsconfig.lib.json',
  portOffset: 3,
  program: join(ROOT, 'apps/orders/dist/main.js'),
  scopes: ['orders:read', 'orders:write', 'orders:admin', 'orders:pricing'],
  calls: [
    { service: PAYMENTS, scopes: ['payments:write'] },
    { service: RECORDS, scopes: ['records:admin'] },
  ],
  seed: seedOrders,
  firstCall: {
    tool: 'search_products',
    args: { text: 'coffee', in_stock: true, fields: ['name', 'unit_price', 'currency', 'available'] },
  },
};

/** Every service that `make serve` starts. */
export const SERVICES: readonly ServiceEntry[] = [RECORDS, PAYMENTS, ORDERS];
