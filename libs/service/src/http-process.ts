import { TokenVerifier } from '@gantry/auth';
import { Config } from '@gantry/config';
import { InFlight, MCP_PATH, McpEndpoint } from '@gantry/mcp';
import { HealthRegistry, Log, NestLog } from '@gantry/observability';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningService } from './running-service.ts';
import { serviceSettings } from './service.settings.ts';

/** A slow sender holds a connection no longer than this. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;

/** Longer than the idle timeout of common load balancers, so that they close first. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/** In place of Fastify's compilers of schemas, which take long to load: no route has a schema. */
const NO_SCHEMAS = () => {
  throw new Error('Fastify compiles no schemas here.');
};

/** An HTTP service that listens. */
export interface RunningHttpService extends RunningService {
  /** URL of the MCP endpoint. */
  readonly url: string;
}

/** Starts the service on MCP_HOST and MCP_PORT. Resolves when it is ready to serve. */
export async function startHttp(root: DynamicModule): Promise<RunningHttpService> {
  const server = createServer({
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: 1_000,
  });
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  let nest!: RequestListener;
  const adapter = new FastifyAdapter({
    serverFactory: (listener: RequestListener) => {
      nest = listener;
      return server;
    },
    schemaController: { compilersFactory: { buildValidator: NO_SCHEMAS, buildSerializer: NO_SCHEMAS } },
  });
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(NestLog));
  app.get(TokenVerifier).assertConfigured();
  const endpoint = app.get(McpEndpoint);
  // Calls do not pass through Nest's routing: it would read the body, and answer what is wrong with it in its own way.
  server.on('request', (req, res) => {
    if (endpoint.handles(req)) void endpoint.handle(req, res);
    else nest(req, res);
  });
  const { host, port, shutdownDelayMs, shutdownTimeoutMs } = app.get(Config).get(serviceSettings);
  await app.listen(port, host);
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}${MCP_PATH}`;
  const log = app.get(Log);
  log.info({ url }, 'ready');

  return {
    app,
    url,
    finished: new Promise(() => {}),
    stop: async () => {
      app.get(HealthRegistry).startDraining();
      await sleep(shutdownDelayMs);
      server.close();
      server.closeIdleConnections();
      const aborted = await app.get(InFlight).drain(shutdownTimeoutMs);
      server.closeAllConnections();
      log.info({ aborted }, 'stopped');
      await app.close();
    },
  };
}
