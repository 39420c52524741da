import { collectSettings, Config } from '@gantry/config';
import { ServiceInfo } from '@gantry/observability';
import { migrate } from '@gantry/postgres';
import { ServiceModule, startHttp, type RunningHttpService } from '@gantry/service';
import {
  createTestDatabase,
  sendRaw,
  startIssuer,
  type RawAnswer,
  type TestDatabase,
  type TestIssuer,
} from '@gantry/testing';
import { migrations, RecordsModule } from '../src/records.module.ts';

const AUDIENCE = 'http://records.example/mcp';

/** The records service, whole, in this process: real database, real issuer, real HTTP. */
export interface RunningRecords {
  service: RunningHttpService;
  database: TestDatabase;
  issuer: TestIssuer;
  url: string;
  token(options?: { tenant?: string; subject?: string; scopes?: string[] }): Promise<string>;
  /** Sends one 2026-07-28 request as an administrator of the tenant `acme`. */
  call(method: string, params: Record<string, unknown>, token?: string): Promise<RawAnswer>;
  stop(): Promise<void>;
}

/**
 * Starts the service.
 *
 * @param beside - another replica whose database and issuer it shares; without it, it gets its own
 */
export async function startRecords(
  env: Record<string, string> = {},
  beside?: RunningRecords,
): Promise<RunningRecords> {
  const database = beside?.database ?? (await createTestDatabase());
  const issuer = beside?.issuer ?? (await startIssuer());
  await migrate({ url: database.ownerUrl, sources: migrations });
  const config = Config.of(collectSettings({ module: ServiceModule, imports: [RecordsModule] }), {
    MCP_PORT: '0',
    MCP_DATABASE_URL: database.serviceUrl,
    MCP_AUTH_ISSUER: issuer.url,
    MCP_AUTH_AUDIENCE: AUDIENCE,
    MCP_LOG_LEVEL: 'fatal',
    // Tests call more often than any agent may; those that are about limits turn them on.
    MCP_RATE_LIMITS: 'off',
    ...env,
  });
  const service = await startHttp(
    ServiceModule.around(RecordsModule, config, new ServiceInfo('records', '0.0.0')),
  );
  const token: RunningRecords['token'] = ({
    tenant = 'acme',
    subject = 'ada',
    scopes = ['records:admin'],
  } = {}) => issuer.token({ audience: AUDIENCE, scopes, tenant, subject, client: 'tests' });
  const admin = await token();
  return {
    service,
    database,
    issuer,
    url: service.url,
    token,
    call: (method, params, bearer = admin) => sendRaw(service.url, bearer, { method, params }),
    stop: async () => {
      await service.stop();
      config.close();
      if (beside) return;
      await issuer.close();
      await database.drop();
    },
  };
}
