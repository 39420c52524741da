import { collectSettings, Config } from '@gantry/config';
import { ServiceInfo } from '@gantry/observability';
import { migrate } from '@gantry/postgres';
import { ServiceModule, startHttp, type RunningHttpService } from '@gantry/service';
import { createTestDatabase, startIssuer, type TestDatabase, type TestIssuer } from '@gantry/testing';
import { migrations, OrdersModule } from '../src/orders.module.ts';
import { send, type ToolReply } from './raw-call.ts';

export const AUDIENCE = 'http://orders.example/mcp';

/** Whoever a test calls as, unless it says otherwise. */
export interface TokenFor {
  readonly tenant?: string;
  readonly subject?: string;
  readonly scopes?: string[];
  readonly audience?: string;
}

/** The orders service, whole, in this process: real database, real issuer, real HTTP. */
export interface RunningOrders {
  service: RunningHttpService;
  database: TestDatabase;
  issuer: TestIssuer;
  url: string;
  /** Everything that another replica needs, in the environment. */
  env: Record<string, string>;
  token(options?: TokenFor): Promise<string>;
  /** Calls a tool as Ada of the tenant `acme`, an administrator who may not set prices. */
  call(name: string, args: Record<string, unknown>, how?: { token?: string }): Promise<ToolReply>;
  stop(): Promise<void>;
}

/**
 * Starts the service.
 *
 * @param beside - another replica whose database and issuer it shares; without it, it gets its own
 * @param ofOthers - the issuer of services that it calls
 */
export async function startOrders(
  env: Record<string, string> = {},
  beside?: RunningOrders,
  ofOthers?: TestIssuer,
): Promise<RunningOrders> {
  const database = beside?.database ?? (await createTestDatabase());
  const issuer = beside?.issuer ?? ofOthers ?? (await startIssuer());
  await migrate({ url: database.ownerUrl, sources: migrations });
  const settings = {
    MCP_PORT: '0',
    MCP_DATABASE_URL: database.serviceUrl,
    MCP_AUTH_ISSUER: issuer.url,
    MCP_AUTH_AUDIENCE: AUDIENCE,
    MCP_LOG_LEVEL: 'fatal',
    // Tests call more often than any agent may.
    MCP_RATE_LIMITS: 'off',
    // Nobody is there: whoever pays orders says where the others are.
    MCP_REMOTE_PAYMENTS_URL: 'http://127.0.0.1:9/mcp',
    MCP_REMOTE_RECORDS_URL: 'http://127.0.0.1:9/mcp',
    ...env,
  };
  const config = Config.of(collectSettings({ module: ServiceModule, imports: [OrdersModule] }), settings);
  const service = await startHttp(
    ServiceModule.around(OrdersModule, config, new ServiceInfo('orders', '0.0.0')),
  );
  const token: RunningOrders['token'] = ({
    tenant = 'acme',
    subject = 'ada',
    scopes = ['orders:admin'],
    audience = AUDIENCE,
  } = {}) => issuer.token({ audience, scopes, tenant, subject, client: 'tests', expiresIn: 86_400 });
  const ada = await token();
  return {
    service,
    database,
    issuer,
    url: service.url,
    env: settings,
    token,
    call: (name, args, { token: bearer = ada } = {}) => send(service.url, bearer, { name, args }),
    stop: async () => {
      await service.stop();
      config.close();
      if (beside) return;
      if (!ofOthers) await issuer.close();
      await database.drop();
    },
  };
}
