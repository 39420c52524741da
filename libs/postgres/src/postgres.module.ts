import { Config, UsesSettings } from '@gantry/config';
import { Log, Metrics } from '@gantry/observability';
import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from './database.ts';
import { Migrator } from './migrations/migrator.ts';
import type { MigrationSource } from './migrations/source.ts';
import { measurePool } from './pool-metrics.ts';
import { PostgresReadiness } from './readiness.ts';
import { SavepointStage } from './savepoint.stage.ts';
import { postgresSettings } from './settings.ts';
import { UnitOfWorkStage } from './unit-of-work.stage.ts';

/** What a service says about its database. */
export interface PostgresModuleOptions {
  /** Migrations of the service and of the libraries it uses, in the order in which they depend on each other. */
  readonly migrations: readonly MigrationSource[];
}

/**
 * Pool, units of work, migrations and health of the service's database. Global. Needs Config, Log, Metrics and
 * HealthRegistry from global modules.
 */
@UsesSettings(postgresSettings)
@Module({})
export class PostgresModule implements OnApplicationShutdown {
  constructor(private readonly database: Database) {}

  static forRoot({ migrations }: PostgresModuleOptions): DynamicModule {
    const exported = [Database, Migrator, UnitOfWorkStage, SavepointStage];
    return {
      module: PostgresModule,
      global: true,
      providers: [
        {
          provide: Database,
          inject: [Config, Metrics],
          useFactory: (config: Config, metrics: Metrics) => {
            const database = Database.open(config.get(postgresSettings));
            measurePool(metrics.registry, () => database.poolState);
            return database;
          },
        },
        {
          provide: Migrator,
          inject: [Database, Config, Log],
          useFactory: (database: Database, config: Config, log: Log) =>
            new Migrator(migrations, database, config, log),
        },
        PostgresReadiness,
        UnitOfWorkStage,
        SavepointStage,
      ],
      exports: exported,
    };
  }

  /** Calls in flight have ended, or end now by rolling back. */
  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}
