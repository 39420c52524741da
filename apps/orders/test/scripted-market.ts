import { startIssuer, type TestIssuer } from '@gantry/testing';
import { randomUUID } from 'node:crypto';
import { startOrders } from './running-orders.ts';
import { startScriptedServer, type ScriptedServer } from './scripted-server.ts';
import { Shop } from './shop.ts';

/** The orders service with a payments and a records server that say what a test tells them to. */
export class ScriptedMarket {
  private constructor(
    readonly shop: Shop,
    readonly payments: ScriptedServer,
    readonly records: ScriptedServer,
    private readonly issuer: TestIssuer,
  ) {}

  static async open(env: Record<string, string> = {}): Promise<ScriptedMarket> {
    const [issuer, payments, records] = await Promise.all([
      startIssuer(),
      startScriptedServer(),
      startScriptedServer(),
    ]);
    const secret = randomUUID();
    issuer.addClient({
      id: 'orders-service',
      secret,
      tenant: 'acme',
      audiences: [payments.url, records.url],
      scopes: ['payments:write', 'records:admin'],
    });
    const running = await startOrders(
      {
        MCP_AUTH_CLIENT_ID: 'orders-service',
        MCP_AUTH_CLIENT_SECRET: secret,
        MCP_REMOTE_PAYMENTS_URL: payments.url,
        MCP_REMOTE_RECORDS_URL: records.url,
        // Jobs look after nothing while a test does it.
        MCP_ORDERS_COMPLETE_PAYMENT_AFTER_SECONDS: '3600',
        ...env,
      },
      undefined,
      issuer,
    );
    return new ScriptedMarket(new Shop(running), payments, records, issuer);
  }

  /** What payments answers once an order of 36.00 EUR is paid. */
  static captured(different: object = {}): object {
    const id = `pay_${randomUUID().replaceAll('-', '').slice(0, 26)}`;
    return {
      id,
      state: 'captured',
      currency: 'EUR',
      amount_captured: 3_600,
      amount_refunded: 0,
      ...different,
    };
  }

  async close(): Promise<void> {
    await this.shop?.close();
    await Promise.all([this.payments.close(), this.records.close()]);
    await this.issuer.close();
  }
}

/** One attempt at a job, as a replica makes it. */
export function attemptAtJob() {
  return { id: randomUUID(), attempt: 1, tenant: 'acme', signal: new AbortController().signal };
}
