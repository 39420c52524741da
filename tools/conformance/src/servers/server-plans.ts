import type { Type } from '@nestjs/common';
import { ProtocolFixtureModule, TasksFixtureModule } from '../fixture/fixture-modules.ts';
import type { ServerPlan } from './start-server.ts';

const NOBODY = 'http://127.0.0.1:9';

/** The three services. Whom they would call is not there: nothing here calls that far. */
export const SERVICES = ['records', 'payments', 'orders'] as const;

const envOf: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  payments: {
    MCP_PAYMENTS_STRIPE_KEY: `sk_test_${'x'.repeat(24)}`,
    MCP_PAYMENTS_STRIPE_URL: NOBODY,
  },
  orders: {
    MCP_REMOTE_PAYMENTS_URL: `${NOBODY}/mcp`,
    MCP_REMOTE_RECORDS_URL: `${NOBODY}/mcp`,
  },
};

/** How a server of this name is started. */
export async function serverPlan(name: string): Promise<ServerPlan> {
  if (name === 'protocol-fixture') return { name, module: ProtocolFixtureModule, resource: 'fixture' };
  if (name === 'tasks-fixture') {
    // The suite starts more at once, and leaves more behind, than one agent may.
    const env = { MCP_OPERATIONS_CONCURRENCY: '20', MCP_OPERATIONS_PER_PRINCIPAL: '50' };
    return { name, module: TasksFixtureModule, resource: 'fixture', env };
  }
  return { name, module: await moduleOf(name), ...(envOf[name] && { env: envOf[name] }) };
}

/** By path: an app is deployed, not imported, so its package has no entry. */
async function moduleOf(service: string): Promise<Type> {
  const index = new URL(`../../../../apps/${service}/src/index.ts`, import.meta.url).href;
  const exported = Object.entries((await import(index)) as Record<string, Type>);
  const module = exported.find(([name]) => name.endsWith('Module'))?.[1];
  if (!module) throw new Error(`apps/${service}/src/index.ts exports no module.`);
  return module;
}
