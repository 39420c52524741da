import {
  createTestDatabase,
  startIssuer,
  startTestPostgres,
  type TestDatabase,
  type TestIssuer,
} from '@gantry/testing';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Load } from '../load/load.ts';
import { WORK } from './folders.ts';

/** The tenant of all tokens. */
export const TENANT = 'acme';

/** What stands around the servers: a database server, an issuer of tokens, a collector of traces, the load generator. */
export class Lab {
  private constructor(
    readonly load: Load,
    /** Base URL of a collector that takes everything and keeps nothing. */
    readonly collectorUrl: string,
    /** Which Postgres, for people. */
    readonly postgres: string,
    private readonly issuer: TestIssuer,
    private readonly closers: (() => Promise<unknown>)[],
  ) {}

  static async start(): Promise<Lab> {
    rmSync(`${WORK}/logs`, { recursive: true, force: true });
    mkdirSync(`${WORK}/logs`, { recursive: true });
    // A container would not stay on the processors that it is given here.
    process.env['GANTRY_TEST_ENGINE'] ??= 'embedded';
    const postgres = await startTestPostgres();
    process.env['GANTRY_TEST_POSTGRES_URL'] = postgres.url;
    const issuer = await startIssuer();
    const collector = await startCollector();
    const load = new Load();
    return new Lab(load, urlOf(collector), postgres.description, issuer, [
      () => postgres.stop(),
      () => issuer.close(),
      async () => collector.close().closeAllConnections(),
      () => load.close(),
    ]);
  }

  /** A database with the tables of a service, made by its own `migrate`. */
  async database(main: string): Promise<TestDatabase> {
    const database = await createTestDatabase();
    const { status, stderr } = spawnSync(process.execPath, [main, 'migrate'], {
      env: {
        ...this.serviceEnv(database, 'http://127.0.0.1/mcp'),
        PATH: process.env['PATH'],
        MCP_MIGRATION_DATABASE_URL: database.ownerUrl,
      },
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`The database could not be migrated.\n${stderr}`);
    return database;
  }

  /** Settings of a Gantry service with everything on. */
  serviceEnv(database: TestDatabase, audience: string): Record<string, string> {
    return {
      MCP_DATABASE_URL: database.serviceUrl,
      MCP_AUTH_ISSUER: this.issuer.url,
      MCP_AUTH_AUDIENCE: audience,
      MCP_OTLP_ENDPOINT: this.collectorUrl,
      MCP_TRACES_SAMPLE_RATIO: '0.1',
      MCP_LOG_LEVEL: 'info',
    };
  }

  /** ES256 tokens of so many principals. */
  tokens(audience: string, scopes: string[], principals: number): Promise<string[]> {
    const options = { audience, scopes, tenant: TENANT, client: 'bench', expiresIn: 86_400 };
    return Promise.all(
      Array.from({ length: principals }, (_, index) =>
        this.issuer.token({ ...options, subject: `user-${index}` }),
      ),
    );
  }

  async close(): Promise<void> {
    for (const close of this.closers.toReversed()) await close();
  }
}

async function startCollector(): Promise<Server> {
  const collector = createServer((request, response) => {
    request
      .resume()
      .on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
  });
  collector.listen(0, '127.0.0.1');
  await once(collector, 'listening');
  return collector;
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
