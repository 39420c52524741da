import { auditMigrations, AuditModule } from '@gantry/audit';
import { AuthModule } from '@gantry/auth';
import { IdempotencyModule, idempotencyMigrations } from '@gantry/idempotency';
import { CancelOperationTool, CheckOperationStatusTool, JobsModule, jobsMigrations } from '@gantry/jobs';
import { ObservabilityModule, ServiceInfo, ServiceInfoModule } from '@gantry/observability';
import { Database, migrate, PostgresModule } from '@gantry/postgres';
import { createTestDatabase, startContainer, startIssuer, type TokenOptions } from '@gantry/testing';
import { Module, type INestApplicationContext } from '@nestjs/common';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { McpEndpoint, McpModule } from '../../src/index.ts';
import { ApprovePaymentTool, PayOutTool, PeekPaymentTool } from './approval-tools.ts';
import { CountUp, StartCountingTool } from './operation-tools.ts';

const AUDIENCE = 'http://desk.example/mcp';

const migrations = [
  idempotencyMigrations,
  auditMigrations,
  jobsMigrations,
  { name: 'desk', directory: new URL('./migrations/', import.meta.url) },
];

/** A service with a database, whose tools ask people and start operations. */
@Module({
  imports: [
    ServiceInfoModule.with(new ServiceInfo('desk', '1.2.3')),
    ObservabilityModule,
    PostgresModule.forRoot({ migrations }),
    AuthModule.forRoot({ scopesSupported: ['things:write'] }),
    IdempotencyModule,
    AuditModule,
    JobsModule,
    McpModule,
  ],
  providers: [
    ApprovePaymentTool,
    PayOutTool,
    PeekPaymentTool,
    StartCountingTool,
    CountUp,
    CheckOperationStatusTool,
    CancelOperationTool,
  ],
})
class DeskModule {}

/** One process of the service. */
export interface Replica {
  readonly app: INestApplicationContext;
  readonly url: string;
  stop(): Promise<void>;
}

/** The service's surroundings: a database and an issuer. */
export interface Desk {
  startReplica(env?: Record<string, string>): Promise<Replica>;
  token(who?: Partial<TokenOptions>): Promise<string>;
  /** How many payments of this name were approved. */
  approved(name: string): Promise<number>;
  /** Outcomes in the audit trail of a tool, oldest first. */
  audited(tool: string): Promise<string[]>;
  close(): Promise<void>;
}

/** Makes database and issuer; start replicas on it. */
export async function startDesk(): Promise<Desk> {
  const issuer = await startIssuer();
  const testDatabase = await createTestDatabase();
  await migrate({ url: testDatabase.ownerUrl, sources: migrations });
  const replicas: Replica[] = [];
  const database = () => replicas[0]!.app.get(Database);

  return {
    async startReplica(env = {}) {
      const { app, stop } = await startContainer(
        { imports: [DeskModule] },
        {
          MCP_AUTH_ISSUER: issuer.url,
          MCP_AUTH_AUDIENCE: AUDIENCE,
          MCP_DATABASE_URL: testDatabase.serviceUrl,
          MCP_LOG_LEVEL: 'silent',
          MCP_AUDIT_FLUSH_MS: '10',
          ...env,
        },
      );
      const endpoint = app.get(McpEndpoint);
      const server = createServer((req, res) => void endpoint.handle(req, res));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const replica: Replica = {
        app,
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
        async stop() {
          server.closeAllConnections();
          await new Promise((resolve) => server.close(resolve));
          await stop();
        },
      };
      replicas.push(replica);
      return replica;
    },
    token: (who = {}) =>
      issuer.token({
        audience: AUDIENCE,
        scopes: ['things:write'],
        tenant: 'acme',
        subject: 'ada',
        client: 'tests',
        ...who,
      }),
    approved: (name) =>
      database().read({ tenant: 'acme' }, async () => {
        const rows = await database().sql`select from approved_payments where name = ${name}`;
        return rows.length;
      }),
    audited: (tool) =>
      database().read({ tenant: 'acme' }, async () => {
        const rows = await database().sql<{ outcome: string }[]>`
          select outcome from audit_entries where tool = ${tool} order by at`;
        return rows.map((row) => row.outcome);
      }),
    async close() {
      await Promise.all(replicas.map((replica) => replica.stop()));
      await testDatabase.drop();
      await issuer.close();
    },
  };
}
