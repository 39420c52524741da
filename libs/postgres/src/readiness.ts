import { Config } from '@gantry/config';
import { HealthRegistry } from '@gantry/observability';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from './database.ts';
import { Migrator } from './migrations/migrator.ts';
import { assertTenantsAreIsolated } from './role-check.ts';
import { postgresSettings } from './settings.ts';

const CHECK_MS = 2_000;

/** Lets the service start, and be ready, only on a database that is migrated and keeps tenants apart. */
@Injectable()
export class PostgresReadiness implements OnModuleInit {
  #isVerified = false;

  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly migrator: Migrator,
    private readonly health: HealthRegistry,
  ) {}

  /** Throws, which stops the start, if tenants would not be isolated. */
  async onModuleInit(): Promise<void> {
    if (this.config.get(postgresSettings).migrateOnStart) await this.migrator.run();
    await this.verify();
    this.health.register('postgres', () => this.check(), { timeoutMs: CHECK_MS });
  }

  private async check(): Promise<Record<string, unknown>> {
    const pending = this.#isVerified ? 0 : await this.verify();
    if (pending > 0) throw new Error(`${pending} migrations are not applied yet.`);
    await this.database.inspect((sql) => sql`select 1`, CHECK_MS);
    return { pending_migrations: pending, pool: this.database.poolState };
  }

  /** Until everything is applied, tables are still to come that have to be looked at. */
  private async verify(): Promise<number> {
    const { length: pending } = await this.migrator.pending();
    await this.database.inspect(assertTenantsAreIsolated, CHECK_MS);
    this.#isVerified = pending === 0;
    return pending;
  }
}
