import { collectSettings, Config, ConfigModule } from '@gantry/config';
import { JobsModule, jobsMigrations } from '@gantry/jobs';
import { ObservabilityModule, ServiceInfo } from '@gantry/observability';
import type { Principal } from '@gantry/pipeline';
import { Database, migrate, PostgresModule } from '@gantry/postgres';
import { createTestDatabase } from '@gantry/testing';
import { Global, Module, type Provider, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
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

  @Global()
  @Module({
    providers: [{ provide: ServiceInfo, useValue: new ServiceInfo('test', '0.0.0') }],
    exports: [ServiceInfo],
  })
  class ServiceInfoModule {}

  const imports = [ObservabilityModule, PostgresModule.forRoot({ migrations }), JobsModule, FilesModule];
  const groups = imports.flatMap((imported) => collectSettings(imported));
  const config = Config.of([...new Set(groups)], {
    MCP_DATABASE_URL: testDatabase.serviceUrl,
    MCP_LOG_LEVEL: 'silent',
    ...env,
  });
  @Module({ imports: [ConfigModule.with(config), ServiceInfoModule, ...imports], providers })
  class App {}

  const app = await NestFactory.createApplicationContext(App, { logger: false, abortOnError: false });
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
      await app.close();
      config.close();
      await owner.end();
      await testDatabase.drop();
    },
  };
}
