import { startSimulator, type Simulator } from '@gantry/psp-simulator';
import {
  createTestDatabase,
  freePort,
  startIssuer,
  startTestPostgres,
  startTestRedis,
  type TestDatabase,
  type TestIssuer,
} from '@gantry/testing';
import { randomBytes, randomUUID } from 'node:crypto';
import { ATTACKER, VICTIM } from './principals.ts';
import { migrate, ServiceProcess } from './service-process.ts';

/** The services, in the order in which they need each other. */
export const SERVICES = ['payments', 'records', 'orders'] as const;

/** Name of a service: its folder in apps. */
export type ServiceName = (typeof SERVICES)[number];

/** Below it a payment needs nobody's approval, in cents. */
export const APPROVAL_THRESHOLD = 100_000;
/** How long a client may take to answer a question; an attack waits for the end of it. */
export const STATE_SECONDS = 3;

/** A service that runs, and what belongs to it. */
export interface FleetService {
  readonly name: ServiceName;
  readonly process: ServiceProcess;
  /** Its MCP endpoint, and the audience of tokens for it. */
  readonly url: string;
  readonly database: TestDatabase;
  readonly env: Readonly<Record<string, string>>;
  /** What nobody may ever be told, by name. */
  readonly secrets: ReadonlyMap<string, string>;
}

/** The three services as they are deployed, one process each, with all that they need. */
export class Fleet {
  readonly services = new Map<ServiceName, FleetService>();
  readonly #closers: (() => Promise<unknown>)[] = [];

  private constructor(
    /** Where logs and failing inputs go. */
    private readonly directory: string,
    readonly issuer: TestIssuer,
    readonly simulator: Simulator,
    private readonly redisUrl: string | undefined,
    /** Which Postgres and which Redis, for people. */
    readonly description: string,
  ) {}

  /** @param directory - for logs; it exists */
  static async start(directory: string): Promise<Fleet> {
    const postgres = await startTestPostgres();
    process.env['GANTRY_TEST_POSTGRES_URL'] = postgres.url;
    const redis = await startTestRedis();
    const issuer = await startIssuer();
    const simulator = await startSimulator();
    const description = `${postgres.description}\n${redis?.description ?? 'Redis: none'}`;
    const fleet = new Fleet(directory, issuer, simulator, redis?.url, description);
    fleet.#closers.push(
      () => postgres.stop(),
      async () => redis?.close(),
      () => issuer.close(),
      () => simulator.close(),
    );
    try {
      for (const name of SERVICES) fleet.services.set(name, await fleet.#startService(name));
    } catch (error) {
      await fleet.close();
      throw error;
    }
    return fleet;
  }

  /** Another process of a service with the limits that it has when nobody sets any, for a while. */
  async startLimited({ name, env, url }: FleetService): Promise<{ url: string; process: ServiceProcess }> {
    const port = await freePort();
    const limited = await ServiceProcess.start({
      service: name,
      port,
      env: { ...env, MCP_RATE_LIMITS: 'on', MCP_AUTH_AUDIENCE: url },
      logFile: `${this.directory}/${name}-limited.log`,
    });
    this.#closers.push(() => limited.stop());
    return { url: `http://127.0.0.1:${port}/mcp`, process: limited };
  }

  /** The last that was started first. */
  async close(): Promise<void> {
    for (const close of this.#closers.splice(0).reverse()) await close();
  }

  async #startService(service: ServiceName): Promise<FleetService> {
    const database = await createTestDatabase();
    this.#closers.push(() => database.drop());
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/mcp`;
    const secrets = new Map([
      ['database password', new URL(database.serviceUrl).password],
      ['cursor key', randomBytes(32).toString('hex')],
      ['request state key', randomBytes(32).toString('hex')],
      ['environment', `canary-${randomUUID()}`],
      ...this.#secretsOf(service),
    ]);
    const env = {
      MCP_DATABASE_URL: database.serviceUrl,
      MCP_AUTH_ISSUER: this.issuer.url,
      MCP_AUTH_AUDIENCE: url,
      MCP_CURSOR_KEYS: secrets.get('cursor key')!,
      MCP_REQUEST_STATE_KEYS: secrets.get('request state key')!,
      MCP_REQUEST_STATE_SECONDS: String(STATE_SECONDS),
      // They would only hide what is behind them. Attacks on the limits have a process of their own.
      MCP_RATE_LIMITS: 'off',
      MCP_LOG_LEVEL: 'error',
      CANARY: secrets.get('environment')!,
      ...(this.redisUrl && { MCP_REDIS_URL: this.redisUrl }),
      ...this.#settingsOf(service, secrets),
    };
    migrate(service, env, database.ownerUrl);
    const logFile = `${this.directory}/${service}.log`;
    const started = await ServiceProcess.start({ service, port, env, logFile });
    this.#closers.push(() => started.stop());
    return { name: service, process: started, url, database, env, secrets };
  }

  #secretsOf(service: ServiceName): [string, string][] {
    if (service === 'payments')
      return [
        ['provider key', `sk_test_${randomBytes(12).toString('hex')}`],
        ['webhook secret', `whsec_${randomBytes(16).toString('hex')}`],
      ];
    return service === 'orders' ? [['client secret', randomUUID()]] : [];
  }

  #settingsOf(service: ServiceName, secrets: ReadonlyMap<string, string>): Record<string, string> {
    if (service === 'payments')
      return {
        MCP_PAYMENTS_STRIPE_KEY: secrets.get('provider key')!,
        MCP_PAYMENTS_STRIPE_WEBHOOK_SECRET: secrets.get('webhook secret')!,
        MCP_PAYMENTS_STRIPE_URL: this.simulator.url,
        MCP_PAYMENTS_APPROVAL_THRESHOLDS: `EUR=${APPROVAL_THRESHOLD},USD=${APPROVAL_THRESHOLD}`,
      };
    if (service === 'records') return {};
    const [payments, records] = [this.services.get('payments')!.url, this.services.get('records')!.url];
    this.issuer.addClient({
      id: 'orders-service',
      secret: secrets.get('client secret')!,
      tenant: ATTACKER.tenant,
      tenants: [ATTACKER.tenant, VICTIM.tenant],
      audiences: [payments, records],
      scopes: ['payments:write', 'records:admin'],
    });
    return {
      MCP_AUTH_CLIENT_ID: 'orders-service',
      MCP_AUTH_CLIENT_SECRET: secrets.get('client secret')!,
      MCP_AUTH_TENANT_PARAMETER: 'tenant',
      MCP_REMOTE_PAYMENTS_URL: payments,
      MCP_REMOTE_RECORDS_URL: records,
    };
  }
}
