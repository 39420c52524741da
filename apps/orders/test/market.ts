import { startSimulator, type Simulator } from '@gantry/psp-simulator';
import { startIssuer, waitFor } from '@gantry/testing';
import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { Neighbour } from './neighbour.ts';
import type { ToolReply } from './raw-call.ts';
import { startOrders } from './running-orders.ts';
import { key, Shop } from './shop.ts';

/** Jobs look after what calls have left within seconds; what costs more than a thousand euros needs approval. */
const QUICK_PAYMENTS = {
  MCP_PAYMENTS_STRIPE_KEY: `sk_test_${'x'.repeat(24)}`,
  MCP_PAYMENTS_APPROVAL_THRESHOLDS: 'EUR=100000',
  MCP_PAYMENTS_COMPLETE_AFTER_SECONDS: '2',
  MCP_PAYMENTS_STEP_SECONDS: '5',
};

/**
 * The orders service with those it calls: payments and records in processes of their own, with a simulated provider;
 * one issuer for all.
 */
export class Market {
  private constructor(
    readonly simulator: Simulator,
    readonly payments: Neighbour,
    readonly records: Neighbour,
    /** This process. */
    readonly shop: Shop,
    readonly close: () => Promise<void>,
  ) {}

  /**
   * @param env - settings of all three services
   * @param ofOrders - settings of orders alone
   */
  static async open(
    env: Record<string, string> = {},
    ofOrders: Record<string, string> = {},
  ): Promise<Market> {
    // The last first.
    const closers: (() => Promise<void>)[] = [];
    const close = async () => {
      for (const closer of closers.splice(0).reverse()) await closer();
    };
    const opened = <T extends { close(): Promise<void> }>(part: T): T => {
      closers.push(() => part.close());
      return part;
    };
    try {
      const issuer = opened(await startIssuer());
      const simulator = opened(await startSimulator());
      const common = { MCP_AUTH_ISSUER: issuer.url, ...env };
      const payments = opened(
        await Neighbour.start('payments', {
          ...common,
          ...QUICK_PAYMENTS,
          MCP_PAYMENTS_STRIPE_URL: simulator.url,
        }),
      );
      const records = opened(await Neighbour.start('records', common));
      const secret = randomUUID();
      issuer.addClient({
        id: 'orders-service',
        secret,
        tenant: 'acme',
        tenants: ['globex'],
        audiences: [payments.url, records.url],
        scopes: ['payments:write', 'records:admin'],
      });
      const settings = {
        MCP_ORDERS_COMPLETE_PAYMENT_AFTER_SECONDS: '1',
        MCP_AUTH_CLIENT_ID: 'orders-service',
        MCP_AUTH_CLIENT_SECRET: secret,
        MCP_AUTH_TENANT_PARAMETER: 'tenant',
        MCP_REMOTE_PAYMENTS_URL: payments.url,
        MCP_REMOTE_RECORDS_URL: records.url,
      };
      const orders = await startOrders({ ...common, ...settings, ...ofOrders }, undefined, issuer);
      const shop = opened(new Shop(orders));
      return new Market(simulator, payments, records, shop, close);
    } catch (error) {
      await close();
      throw error;
    }
  }

  /** Another replica of orders, in a process of its own. */
  startReplica(): Promise<Neighbour> {
    const { env, database } = this.shop.running;
    return Neighbour.start('orders', env, database);
  }

  /** Pays an order with a card that works and a new key, but for what is said to differ. */
  pay(order_id: string, different: Record<string, unknown> = {}): Promise<ToolReply> {
    const args = { order_id, payment_method: 'pm_card_visa', idempotency_key: key(), ...different };
    return this.shop.call('pay_order', args);
  }

  /** An order of so many cents in all. */
  async orderOf(total: number): Promise<string> {
    const { id } = await this.shop.product(1, { unitPrice: total });
    return ((await this.shop.place({ lines: [{ product_id: id, quantity: 1 }] })) as { id: string }).id;
  }

  /** Resolves with an order once it is like that. */
  async becomes(id: string, like: Record<string, unknown>, withinMs = 30_000): Promise<ToolReply['output']> {
    return waitFor(async () => {
      const order = await this.shop.look(id);
      return Object.entries(like).every(([name, value]) => order[name] === value) ? order : undefined;
    }, withinMs);
  }

  /** Resolves with an order once it has its receipt. */
  async receipted(id: string, withinMs = 30_000): Promise<ToolReply['output']> {
    return waitFor(async () => {
      const order = await this.shop.look(id);
      return order['receipt_record_id'] === undefined ? undefined : order;
    }, withinMs);
  }

  /** What has happened at the provider for an order, of what moves money. */
  async moved(orderId: string): Promise<string[]> {
    const { output } = await this.atPayments('list_payments', { reference: orderId });
    const ids = (output['items'] as { id: string }[]).map(({ id }) => id);
    return ids
      .flatMap((payment_id) => this.simulator.effects({ metadata: { payment_id } }))
      .filter(({ kind }) => kind === 'charged' || kind === 'refunded')
      .map(({ kind, amount }) => `${kind} ${amount}`);
  }

  /** Calls the payments server as an accountant, who may approve. */
  async atPayments(name: string, args: Record<string, unknown>): Promise<ToolReply> {
    const scopes = ['payments:read', 'payments:approve'];
    return this.payments.call(name, args, await this.#token(this.payments, scopes));
  }

  /** Receipts of an order in the records server. */
  async receiptsOf(orderId: string): Promise<Record<string, unknown>[]> {
    const filter = [{ field: 'order_id', op: 'eq', value: orderId }];
    const token = await this.#token(this.records, ['records:read']);
    const { output } = await this.records.call('list_records', { collection: 'receipts', filter }, token);
    return output['items'] as Record<string, unknown>[];
  }

  /** Loses the jobs of a queue, as only somebody by hand could; resolves with how many there were. */
  async loseJobs(queue: string): Promise<number> {
    const sql = postgres(this.shop.running.database.superuserUrl, { max: 1 });
    const { count } =
      await sql`delete from pgboss.job where name = ${queue} and state in ('created', 'retry')`;
    await sql.end();
    return count;
  }

  #token({ url }: Neighbour, scopes: string[]): Promise<string> {
    const { issuer } = this.shop.running;
    return issuer.token({ audience: url, scopes, tenant: 'acme', subject: 'ann', client: 'office' });
  }
}
