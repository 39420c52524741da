import { ObservabilityModule, ServiceInfo, ServiceInfoModule } from '@gantry/observability';
import { Database, migrate, PostgresModule } from '@gantry/postgres';
import { startContainer } from '@gantry/testing';
import type { INestApplicationContext, Provider } from '@nestjs/common';
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
  const info = new ServiceInfo('test', '0.0.0');
  const { app, stop } = await startContainer(
    {
      imports: [
        ServiceInfoModule.with(info),
        ObservabilityModule,
        PostgresModule.forRoot({ migrations }),
        JobsModule,
      ],
      providers,
    },
    { MCP_DATABASE_URL: databaseUrl, MCP_LOG_LEVEL: 'silent', ...env },
  );
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
    stop,
  };
}

/** Adds a thing to the tenant of the current unit of work. */
export async function addThing(database: Database, name: string, tenant: string): Promise<void> {
  await database.sql`insert into things (tenant_id, name, pid) values (${tenant}, ${name}, ${process.pid})`;
}
