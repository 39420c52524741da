import { collectSettings, Config } from '@gantry/config';
import { ServiceInfo } from '@gantry/observability';
import { ServiceModule, startHttp } from '@gantry/service';
import { createTestDatabase, freePort, type TestIssuer } from '@gantry/testing';
import type { Type } from '@nestjs/common';
import { startTokenProxy } from './token-proxy.ts';

/** A server under test. */
export interface TestedServer {
  /** Of the service: `records`. */
  readonly name: string;
  /** Its endpoint, which is also the audience of its tokens. */
  readonly url: string;
  /** The same for clients that have no token. */
  readonly openUrl: string;
  close(): Promise<void>;
}

/** How a server is started. */
export interface ServerPlan {
  readonly name: string;
  readonly module: Type;
  /** The name before the colon in its scopes. Default: its own name. */
  readonly resource?: string;
  /** Settings of its own. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Longer than any run. */
const TOKEN_SECONDS = 3_600;

/** Starts a service as its `main.ts` does, whole, with a fresh database, and a proxy for clients without a token. */
export async function startServer(
  { name, module, resource = name, env }: ServerPlan,
  issuer: TestIssuer,
): Promise<TestedServer> {
  const database = await createTestDatabase();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/mcp`;
  const config = Config.of(collectSettings({ module: ServiceModule, imports: [module] }), {
    MCP_PORT: String(port),
    MCP_LOG_LEVEL: 'fatal',
    MCP_AUTH_ISSUER: issuer.url,
    MCP_AUTH_AUDIENCE: url,
    MCP_DATABASE_URL: database.serviceUrl,
    MCP_MIGRATION_DATABASE_URL: database.ownerUrl,
    MCP_MIGRATE_ON_START: 'true',
    ...env,
  });
  const service = await startHttp(ServiceModule.around(module, config, new ServiceInfo(name, '0.0.0')));
  const token = await issuer.token({
    audience: url,
    scopes: [`${resource}:admin`],
    tenant: 'acme',
    subject: 'suite',
    client: 'conformance',
    expiresIn: TOKEN_SECONDS,
  });
  const proxy = await startTokenProxy(url, token);
  return {
    name,
    url,
    openUrl: proxy.url,
    async close() {
      await proxy.close();
      await service.stop();
      config.close();
      await database.drop();
    },
  };
}
