import { AuthModule, ServiceTokens } from '@gantry/auth';
import { Config } from '@gantry/config';
import {
  Metrics,
  ObservabilityModule,
  ServiceInfo,
  ServiceInfoModule,
  type Tracing,
} from '@gantry/observability';
import { Resilience, type DependencyOptions } from '@gantry/resilience';
import { startContainer, startIssuer, type TestIssuer } from '@gantry/testing';
import { Global, Module, type INestApplicationContext } from '@nestjs/common';
import { Registry } from 'prom-client';
import {
  defineRemoteServer,
  McpClientModule,
  RemoteServers,
  type RemoteServer,
  type RemoteServerDefinition,
} from '../src/index.ts';

/** What the tests call themselves, and what tokens for it must name. */
export const AUDIENCE = 'https://payments.example.com/mcp';

const SECRET = 'a secret made for tests';

@Global()
@Module({
  providers: [
    {
      provide: Resilience,
      inject: [Metrics],
      useFactory: ({ registry }: Metrics) => new Resilience({ registry }),
    },
  ],
  exports: [Resilience],
})
class ResilienceModule {}

/** A service that calls the server `payments`. */
export interface CallingService {
  readonly payments: RemoteServer;
  readonly servers: RemoteServers;
  readonly issuer: TestIssuer;
  readonly resilience: Resilience;
  metrics(): Promise<string>;
  close(): Promise<void>;
}

/** How it differs from the usual one. */
export interface CallingServiceOptions {
  readonly env?: Record<string, string>;
  readonly resilience?: DependencyOptions;
  /** Off unless given. */
  readonly tracing?: Tracing;
}

/** Starts one, with an issuer of its own. */
export async function startCallingService(
  url: string,
  options: CallingServiceOptions = {},
): Promise<CallingService> {
  const issuer = await startIssuer();
  issuer.addClient({
    id: 'orders',
    secret: SECRET,
    tenant: 'acme',
    tenants: ['globex'],
    audiences: [AUDIENCE, url],
    scopes: ['payments:read', 'payments:write'],
  });
  try {
    return await start(url, issuer, options);
  } catch (error) {
    await issuer.close();
    throw error;
  }
}

async function start(
  url: string,
  issuer: TestIssuer,
  { env = {}, resilience, tracing }: CallingServiceOptions,
): Promise<CallingService> {
  const payments = defineRemoteServer('payments', {
    scopes: ['payments:read', 'payments:write'],
    resilience: { backoff: { firstMs: 1, maxMs: 5 }, ...resilience },
  });
  const imports = [
    ServiceInfoModule.with(new ServiceInfo('orders', '1.2.3')),
    ResilienceModule,
    ObservabilityModule,
    AuthModule.forRoot(),
    McpClientModule.forRoot([payments]),
  ];
  const settings = {
    MCP_AUTH_ISSUER: issuer.url,
    MCP_AUTH_CLIENT_ID: 'orders',
    MCP_AUTH_CLIENT_SECRET: SECRET,
    MCP_AUTH_TENANT_PARAMETER: 'tenant',
    MCP_REMOTE_PAYMENTS_URL: url,
    MCP_REMOTE_PAYMENTS_AUDIENCE: AUDIENCE,
    // A machine may be busy; tests that need a limit have one of their own.
    MCP_REMOTE_PAYMENTS_ATTEMPT_MS: '15000',
    MCP_REMOTE_PAYMENTS_DEADLINE_MS: '20000',
    MCP_LOG_LEVEL: 'silent',
    ...env,
  };
  const { app, stop } = await startContainer({ imports }, settings);
  const servers = tracing ? tracedServers([payments], app, tracing) : app.get(RemoteServers);
  return {
    payments: servers.get(payments),
    servers,
    issuer,
    resilience: app.get(Resilience),
    metrics: () => app.get(Metrics).registry.metrics(),
    async close() {
      servers.onApplicationShutdown();
      await stop();
      await issuer.close();
    },
  };
}

/** The servers of a service whose spans can be looked at. */
function tracedServers(
  definitions: readonly RemoteServerDefinition[],
  app: INestApplicationContext,
  tracing: Tracing,
): RemoteServers {
  return new RemoteServers(definitions, {
    config: app.get(Config),
    tokens: app.get(ServiceTokens),
    resilience: new Resilience({ registry: new Registry() }),
    service: app.get(ServiceInfo),
    tracing,
  });
}

/** What a call fails with. */
export async function failureOf<Failure extends Error>(
  call: Promise<unknown>,
  type: abstract new (...args: never[]) => Failure,
): Promise<Failure & { readonly cause: Error }> {
  const error: unknown = await call.then(
    () => new Error('The call succeeded.'),
    (thrown: unknown) => thrown,
  );
  // Its constructor itself: unknown outcomes have a subclass.
  if ((error as Failure).constructor !== type) throw error;
  return error as Failure & { cause: Error };
}
