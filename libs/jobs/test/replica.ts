import { collectSettings, Config, ConfigModule } from '@gantry/config';
import { ObservabilityModule, ServiceInfo } from '@gantry/observability';
import { Database, migrate, PostgresModule } from '@gantry/postgres';
import { Global, Module, type INestApplicationContext, type Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { JobsModule, jobsMigrations } from '../src/index.ts';

const migrations = [jobsMigrations, { name: 'things', directory: new URL('./migrations/', import.meta.url) }];

/** Makes the tables. */
export async function migrateAll(ownerUrl: string): Promise<void> {
  await migrate({ url: ownerUrl, sources: migrations });
}

/** One process of a service: its own container, pools and workers. */
export interface Replica {
  readonly app: INestApplicationContext;
  readonly database: Database;
  /** In a unit of work. */
  write<T>(work: () => Promise<T>, tenant?: string): Promise<T>;
  /** Adds a thing to the tenant of the current unit of work. */
  addThing(name: string, tenant?: string): Promise<void>;
  /** The things of a tenant as others see them, in order of name. */
  things(tenant?: string): Promise<string[]>;
  stop(): Promise<void>;
}

/** Starts one with these handlers. */
export async function startReplica(
  databaseUrl: string,
  providers: Provider[],
  env: Record<string, string> = {},
): Promise<Replica> {
  @Global()
  @Module({
    providers: [{ provide: ServiceInfo, useValue: new ServiceInfo('test', '0.0.0') }],
    exports: [ServiceInfo],
  })
  class ServiceInfoModule {}

  const imports = [ObservabilityModule, PostgresModule.forRoot({ migrations }), JobsModule];
  const groups = imports.flatMap((imported) => collectSettings(imported));
  const config = Config.of([...new Set(groups)], {
    MCP_DATABASE_URL: databaseUrl,
    MCP_LOG_LEVEL: 'silent',
    ...env,
  });
  @Module({ imports: [ConfigModule.with(config), ServiceInfoModule, ...imports], providers })
  class App {}

  const app = await NestFactory.createApplicationContext(App, { logger: false, abortOnError: false });
  const database = app.get(Database);

  return {
    app,
    database,
    write: (work, tenant = 'acme') => database.write({ tenant }, work),
    addThing: (name, tenant = 'acme') => addThing(database, name, tenant),
    things: (tenant = 'acme') =>
      database.read({ tenant }, async () => {
        const rows = await database.sql<{ name: string }[]>`select name from things order by name`;
        return rows.map((row) => row.name);
      }),
    async stop() {
      await app.close();
      config.close();
    },
  };
}

/** Adds a thing to the tenant of the current unit of work. */
export async function addThing(database: Database, name: string, tenant: string): Promise<void> {
  await database.sql`insert into things (tenant_id, name, pid) values (${tenant}, ${name}, ${process.pid})`;
}
