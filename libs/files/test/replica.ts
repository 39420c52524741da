import { JobsModule, jobsMigrations } from '@gantry/jobs';
import { ObservabilityModule, ServiceInfo, ServiceInfoModule } from '@gantry/observability';
import type { Principal } from '@gantry/pipeline';
import { Database, migrate, PostgresModule } from '@gantry/postgres';
import { createTestDatabase, startContainer } from '@gantry/testing';
import type { Provider, Type } from '@nestjs/common';
import postgres from 'postgres';
import { FilesModule, filesMigrations } from '../src/index.ts';

const migrations = [jobsMigrations, filesMigrations];

/** Who sends, unless a test says otherwise. */
export const ANN: Principal = { tenant: 'acme', subject: 'ann', client: 'cli', scopes: new Set() };

/** A service that takes files, over a database of its own. */
export type Replica = Awaited<ReturnType<typeof startReplica>>;

/** Starts one with these operation handlers. */
export async function startReplica(providers: Provider[] = [], env: Record<string, string> = {}) {
  const testDatabase = await createTestDatabase();
  await migrate({ url: testDatabase.ownerUrl, sources: migrations });
  const owner = postgres(testDatabase.ownerUrl, { max: 1, onnotice: () => {} });

  const { app, stop } = await startContainer(
    {
      imports: [
        ServiceInfoModule.with(new ServiceInfo('test', '0.0.0')),
        ObservabilityModule,
        PostgresModule.forRoot({ migrations }),
        JobsModule,
        FilesModule,
      ],
      providers,
    },
    { MCP_DATABASE_URL: testDatabase.serviceUrl, MCP_LOG_LEVEL: 'silent', ...env },
  );
  const database = app.get(Database);

  return {
    database,
    /** The owner of the tables, for looking behind the curtain. */
    owner,
    get: <T>(type: Type<T>): T => app.get(type, { strict: false }),
    /** In a unit of work. */
    write: <T>(work: () => Promise<T>, tenant = ANN.tenant): Promise<T> => database.write({ tenant }, work),
    /** How many rows a tenant has in a table. */
    count: (table: string, tenant = ANN.tenant): Promise<number> =>
      database.read({ tenant }, async () => {
        const { sql } = database;
        const [row] = await sql<[{ count: number }]>`select count(*)::int from ${sql(table)}`;
        return row.count;
      }),
    async stop() {
      await stop();
      await owner.end();
      await testDatabase.drop();
    },
  };
}
