import { collectSettings, Config } from '@gantry/config';
import { ServiceInfo } from '@gantry/observability';
import { migrate } from '@gantry/postgres';
import { startSimulator, type Simulator } from '@gantry/psp-simulator';
import { ServiceModule, startHttp, type RunningHttpService } from '@gantry/service';
import {
  createTestDatabase,
  freePort,
  startIssuer,
  type TestDatabase,
  type TestIssuer,
} from '@gantry/testing';
import { migrations, PaymentsModule } from '../src/payments.module.ts';
import { key, TEN } from './examples.ts';
import { send, type ToolReply } from './raw-call.ts';

export const AUDIENCE = 'http://payments.example/mcp';

/** Whoever a test calls as, unless it says otherwise. */
export interface TokenFor {
  readonly tenant?: string;
  readonly subject?: string;
  readonly scopes?: string[];
  readonly audience?: string;
}

/** The payments service, whole, in this process: real database, real issuer, real HTTP, a simulated provider. */
export interface RunningPayments {
  service: RunningHttpService;
  database: TestDatabase;
  issuer: TestIssuer;
  simulator: Simulator;
  url: string;
  /** Everything that another replica needs, in the environment. */
  env: Record<string, string>;
  token(options?: TokenFor): Promise<string>;
  /** Calls a tool as Ada of the tenant `acme`, who may read and write. */
  call(
    name: string,
    args: Record<string, unknown>,
    how?: { token?: string; params?: object; forms?: boolean },
  ): Promise<ToolReply>;
  /** Makes a payment of ten euros, but for what is said to differ. */
  make(tool: string, different?: object): Promise<ToolReply['output']>;
  /** Lets go of held money where the service does not see it. */
  cancelAtProvider(payment_id: string): Promise<void>;
  stop(): Promise<void>;
}

/** A test secret, made when it runs. */
export const webhookSecret = `whsec_${crypto.randomUUID().replaceAll('-', '')}`;

/**
 * Starts the service.
 *
 * @param beside - another replica whose database, issuer and provider it shares; without it, it gets its own
 */
export async function startPayments(
  env: Record<string, string> = {},
  beside?: RunningPayments,
): Promise<RunningPayments> {
  const database = beside?.database ?? (await createTestDatabase());
  const issuer = beside?.issuer ?? (await startIssuer());
  const port = await freePort();
  const simulator =
    beside?.simulator ??
    (await startSimulator({
      webhook: {
        url: `http://127.0.0.1:${port}/webhooks/stripe`,
        secret: webhookSecret,
        retryMs: [50, 100, 200, 500, 1_000],
      },
    }));
  // Webhooks come when a test lets them.
  if (!beside) simulator.webhooks.behave({ hold: true });
  await migrate({ url: database.ownerUrl, sources: migrations });
  const settings = {
    MCP_PORT: String(port),
    MCP_DATABASE_URL: database.serviceUrl,
    MCP_AUTH_ISSUER: issuer.url,
    MCP_AUTH_AUDIENCE: AUDIENCE,
    MCP_LOG_LEVEL: 'fatal',
    // Tests call more often than any agent may.
    MCP_RATE_LIMITS: 'off',
    MCP_PAYMENTS_STRIPE_KEY: `sk_test_${'x'.repeat(24)}`,
    MCP_PAYMENTS_STRIPE_URL: simulator.url,
    MCP_PAYMENTS_STRIPE_WEBHOOK_SECRET: webhookSecret,
    ...env,
  };
  const config = Config.of(collectSettings({ module: ServiceModule, imports: [PaymentsModule] }), settings);
  const service = await startHttp(
    ServiceModule.around(PaymentsModule, config, new ServiceInfo('payments', '0.0.0')),
  );
  const token: RunningPayments['token'] = ({
    tenant = 'acme',
    subject = 'ada',
    scopes = ['payments:write'],
    audience = AUDIENCE,
  } = {}) =>
    // Some tests take longer than tokens usually live.
    issuer.token({ audience, scopes, tenant, subject, client: 'tests', expiresIn: 86_400 });
  const ada = await token();
  const call: RunningPayments['call'] = (
    name,
    args,
    { token: bearer = ada, params = {}, forms = false } = {},
  ) => send(service.url, bearer, { name, args, params, forms });
  return {
    service,
    database,
    issuer,
    simulator,
    url: service.url,
    env: settings,
    token,
    call,
    make: async (tool, different) => {
      const reply = await call(tool, { ...TEN, idempotency_key: key(), ...different });
      if (reply.error) throw new Error(reply.text);
      return reply.output;
    },
    cancelAtProvider: async (payment_id) => {
      const intent = simulator.effects({ metadata: { payment_id } })[0]!.payment_intent;
      const { status } = await fetch(`${simulator.url}/v1/payment_intents/${intent}/cancel`, {
        method: 'POST',
        headers: { authorization: `Bearer ${settings.MCP_PAYMENTS_STRIPE_KEY}` },
      });
      if (status !== 200) throw new Error(`The simulator answered ${status}.`);
    },
    stop: async () => {
      await service.stop();
      config.close();
      if (beside) return;
      await simulator.close();
      await issuer.close();
      await database.drop();
    },
  };
}
