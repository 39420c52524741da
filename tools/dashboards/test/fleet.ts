import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { startSimulator } from '@gantry/psp-simulator';
import {
  createTestDatabase,
  freePort,
  sendRaw,
  spawnService,
  startIssuer,
  type RawAnswer,
  type TestDatabase,
  type TestIssuer,
} from '@gantry/testing';
import { root, services } from './repository.ts';

/** How long a process may take to compile its sources and start, while others do the same. */
const START_MS = 120_000;

/** A service of the repository, as it is deployed, in a process of its own. */
export interface RunningService {
  readonly name: string;
  readonly database: TestDatabase;
  /** Calls a tool as an administrator of the tenant `acme`. */
  call(tool: string, args?: Record<string, unknown>): Promise<RawAnswer['json']>;
  tools(): Promise<{ name: string; inputSchema: { properties?: object; required?: string[] } }[]>;
  /** Text of /metrics. */
  metrics(): Promise<string>;
}

/** All services, with what they call. */
export interface Fleet {
  readonly services: ReadonlyMap<string, RunningService>;
  close(): Promise<void>;
}

/** Starts all services of the repository, and calls each a little, so that there is something to see. */
export async function startFleet(): Promise<Fleet> {
  // The last first.
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const issuer = await startIssuer();
    closers.push(() => issuer.close());
    const simulator = await startSimulator();
    closers.push(() => simulator.close());
    const ports = new Map<string, number>();
    for (const { name } of services) ports.set(name, await freePort());
    const urlOf = (name: string) => `http://127.0.0.1:${ports.get(name)}/mcp`;
    const special = specialSettings(issuer, simulator.url, urlOf);
    // Nobody is there: the metrics of what uses Redis are.
    const redis = `redis://127.0.0.1:${await freePort()}`;
    const running = new Map<string, RunningService>();
    for (const { name } of services) {
      const database = await createTestDatabase();
      closers.push(() => database.drop());
      const url = urlOf(name);
      const main = fileURLToPath(new URL(`apps/${name}/src/main.ts`, root));
      const child = await spawnService(process.execPath, ['--import', '@gantry/testing/typescript', main], {
        env: {
          NODE_OPTIONS: undefined,
          MCP_PORT: String(ports.get(name)),
          MCP_DATABASE_URL: database.serviceUrl,
          MCP_MIGRATION_DATABASE_URL: database.ownerUrl,
          MCP_MIGRATE_ON_START: 'true',
          MCP_AUTH_ISSUER: issuer.url,
          MCP_AUTH_AUDIENCE: url,
          MCP_REDIS_URL: redis,
          MCP_LOG_LEVEL: 'warn',
          ...special[name],
        },
        ready: new URL('/health/ready', url).href,
        readyWithinMs: START_MS,
      });
      closers.push(() => child.kill());
      running.set(name, await runningService(name, url, issuer, database));
    }
    return { services: running, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What a service needs beyond a database and an issuer. */
function specialSettings(
  issuer: TestIssuer,
  stripe: string,
  urlOf: (name: string) => string,
): Record<string, Record<string, string>> {
  const secret = randomUUID();
  issuer.addClient({
    id: 'orders-service',
    secret,
    tenant: 'acme',
    audiences: [urlOf('payments'), urlOf('records')],
    scopes: ['payments:write', 'records:admin'],
  });
  return {
    payments: {
      MCP_PAYMENTS_STRIPE_KEY: `sk_test_${randomUUID().replaceAll('-', '')}`,
      MCP_PAYMENTS_STRIPE_URL: stripe,
    },
    orders: {
      MCP_AUTH_CLIENT_ID: 'orders-service',
      MCP_AUTH_CLIENT_SECRET: secret,
      MCP_REMOTE_PAYMENTS_URL: urlOf('payments'),
      MCP_REMOTE_RECORDS_URL: urlOf('records'),
    },
  };
}

async function runningService(
  name: string,
  url: string,
  issuer: TestIssuer,
  database: TestDatabase,
): Promise<RunningService> {
  const scopes = ['admin', 'approve'].map((right) => `${name}:${right}`);
  const token = await issuer.token({ audience: url, scopes, tenant: 'acme', expiresIn: 3_600 });
  const call: RunningService['call'] = async (tool, args = {}) =>
    (await sendRaw(url, token, { method: 'tools/call', params: { name: tool, arguments: args } })).json;
  await call('health_check');
  await sendRaw(url, undefined);
  return {
    name,
    database,
    call,
    tools: async () => (await sendRaw(url, token)).json.result!['tools'] as never,
    metrics: async () => (await fetch(new URL('/metrics', url))).text(),
  };
}
