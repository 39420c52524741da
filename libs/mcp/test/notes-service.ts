import { Metrics } from '@gantry/observability';
import { migrate } from '@gantry/postgres';
import { metricValue, startContainer, type TestIssuer } from '@gantry/testing';
import type { INestApplicationContext } from '@nestjs/common';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InFlight, McpEndpoint } from '../src/index.ts';
import { NotesModule, notesMigrations } from './notes-module.ts';

const AUDIENCE = 'http://notes.example/mcp';

/** Who a token is for. */
export interface Caller {
  scopes?: string[];
  tenant?: string;
  subject?: string;
  /** Seconds. */
  expiresIn?: number;
}

/** One replica of the notes service. */
export interface Replica {
  app: INestApplicationContext;
  url: string;
  inFlight: InFlight;
  metric(name: string): Promise<number | undefined>;
  close(): Promise<void>;
}

/** Makes the table. */
export async function migrateNotes(ownerUrl: string): Promise<void> {
  await migrate({ url: ownerUrl, sources: notesMigrations });
}

/** A token for the notes service. */
export function tokenFor(issuer: TestIssuer, caller: Caller = {}): Promise<string> {
  const { scopes = ['notes:write'], tenant = 'acme', subject = 'ada', expiresIn = 300 } = caller;
  return issuer.token({ audience: AUDIENCE, scopes, tenant, subject, client: 'tests', expiresIn });
}

/** Serves a replica over HTTP. */
export async function startReplica(
  databaseUrl: string,
  issuer: TestIssuer,
  env: Record<string, string> = {},
): Promise<Replica> {
  const { app, stop } = await startContainer(
    { imports: [NotesModule] },
    {
      MCP_DATABASE_URL: databaseUrl,
      MCP_AUTH_ISSUER: issuer.url,
      MCP_AUTH_AUDIENCE: AUDIENCE,
      MCP_LOG_LEVEL: 'silent',
      MCP_REDIS_COMMAND_TIMEOUT_MS: '300', // more patient than in production, for machines that are busy
      ...env,
    },
  );
  const endpoint = app.get(McpEndpoint);
  const server = createServer((req, res) => void endpoint.handle(req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    app,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    inFlight: app.get(InFlight),
    metric: (name) => metricValue(app.get(Metrics).registry, name),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await stop();
    },
  };
}
