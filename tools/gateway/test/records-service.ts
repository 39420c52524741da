import { createTestDatabase, spawnService, startIssuer } from '@gantry/testing';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../apps/records/src/main.ts', import.meta.url));

/** How long it may take to compile its sources and start. */
const START_MS = 60_000;

/** The records service in a process of its own. */
export interface RecordsService {
  /** A token of an administrator. */
  token(): Promise<string>;
  /** Ends it at once, as a machine that loses its power does. */
  kill(): Promise<unknown>;
  close(): Promise<void>;
}

/**
 * Starts the service.
 *
 * @param port - to listen on
 * @param audience - its public URL
 */
export async function startRecords(port: number, audience: string): Promise<RecordsService> {
  const [database, issuer] = await Promise.all([createTestDatabase(), startIssuer()]);
  const service = await spawnService(process.execPath, ['--import', '@gantry/testing/typescript', MAIN], {
    env: {
      NODE_OPTIONS: undefined,
      MCP_PORT: String(port),
      MCP_DATABASE_URL: database.serviceUrl,
      MCP_MIGRATION_DATABASE_URL: database.ownerUrl,
      MCP_MIGRATE_ON_START: 'true',
      MCP_AUTH_ISSUER: issuer.url,
      MCP_AUTH_AUDIENCE: audience,
      MCP_LOG_LEVEL: 'warn',
    },
    ready: `http://127.0.0.1:${port}/health/ready`,
    readyWithinMs: START_MS,
  });
  return {
    token: () =>
      issuer.token({ audience, scopes: ['records:admin'], tenant: 'acme', subject: 'ada', client: 'tests' }),
    kill: () => service.kill(),
    close: async () => {
      await service.kill();
      await issuer.close();
      await database.drop();
    },
  };
}
