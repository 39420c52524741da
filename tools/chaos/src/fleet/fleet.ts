import { startSimulator, type Simulator } from '@gantry/psp-simulator';
import {
  startIssuer,
  startTestPostgres,
  startTestRedis,
  type TestPostgres,
  type TestRedis,
} from '@gantry/testing';
import { randomUUID } from 'node:crypto';
import { Service } from './service.ts';
import { Tokens } from './tokens.ts';

/** All tokens are for this tenant. */
const TENANT = 'acme';

/** Jobs look after what calls have left within seconds. */
const QUICK = {
  payments: {
    MCP_PAYMENTS_STRIPE_KEY: `sk_test_${'x'.repeat(24)}`,
    MCP_PAYMENTS_COMPLETE_AFTER_SECONDS: '2',
    MCP_PAYMENTS_STEP_SECONDS: '5',
  },
  orders: { MCP_ORDERS_COMPLETE_PAYMENT_AFTER_SECONDS: '2' },
};

/** All of Gantry as it is deployed: two replicas of each service, a database each, an issuer, a payment provider. */
export class Fleet {
  private constructor(
    readonly orders: Service,
    readonly payments: Service,
    readonly records: Service,
    readonly simulator: Simulator,
    /** The server that the databases of all services are on. */
    readonly postgres: TestPostgres,
    /** Not where there is no container engine. */
    readonly redis: TestRedis | undefined,
    /** Those of clients. */
    readonly tokens: Tokens,
    /** Which Postgres and which Redis, for people. */
    readonly description: string,
    readonly close: () => Promise<void>,
  ) {}

  static async start(): Promise<Fleet> {
    // The last first.
    const closers: (() => Promise<unknown>)[] = [];
    const close = async () => {
      for (const closer of closers.splice(0).reverse()) await closer();
    };
    const opened = <T extends { close(): Promise<void> }>(part: T): T => {
      closers.push(() => part.close());
      return part;
    };
    try {
      const postgres = await startTestPostgres();
      closers.push(() => postgres.stop());
      process.env['GANTRY_TEST_POSTGRES_URL'] = postgres.url;
      const issuer = opened(await startIssuer());
      const simulator = opened(await startSimulator());
      const redis = await startTestRedis();
      if (redis) opened(redis);
      const common = { MCP_AUTH_ISSUER: issuer.url, ...(redis && { MCP_REDIS_URL: redis.url }) };
      const payments = opened(
        await Service.start('payments', {
          ...common,
          ...QUICK.payments,
          MCP_PAYMENTS_STRIPE_URL: simulator.url,
        }),
      );
      const records = opened(await Service.start('records', common));
      const secret = randomUUID();
      issuer.addClient({
        id: 'orders-service',
        secret,
        tenant: TENANT,
        audiences: [payments.url, records.url],
        scopes: ['payments:write', 'records:admin'],
      });
      const orders = opened(
        await Service.start('orders', {
          ...common,
          ...QUICK.orders,
          MCP_AUTH_CLIENT_ID: 'orders-service',
          MCP_AUTH_CLIENT_SECRET: secret,
          MCP_AUTH_TENANT_PARAMETER: 'tenant',
          MCP_REMOTE_PAYMENTS_URL: payments.url,
          MCP_REMOTE_RECORDS_URL: records.url,
        }),
      );
      const description = `${postgres.description}\n${redis?.description ?? 'Redis: none'}`;
      const tokens = new Tokens(issuer, TENANT);
      return new Fleet(orders, payments, records, simulator, postgres, redis, tokens, description, close);
    } catch (error) {
      await close();
      throw error;
    }
  }

  get services(): readonly Service[] {
    return [this.orders, this.payments, this.records];
  }

  /** What all replicas have logged, which at this level is what went wrong. */
  get log(): string {
    return this.services.flatMap(({ replicas }) => replicas.map(({ log }) => log)).join('');
  }
}
