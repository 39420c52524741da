import { HealthRegistry, Log, Metrics } from '@gantry/observability';
import { createTestDatabase, startContainer, type TestContainer, type TestDatabase } from '@gantry/testing';
import { stageSlotOf } from '@gantry/pipeline';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Global, Module, type INestApplicationContext } from '@nestjs/common';
import { Database, Migrator, PostgresModule, SavepointStage, UnitOfWorkStage } from '../src/index.ts';
import { ACME, addNote, noteIds, rejection } from './fixtures.ts';

@Global()
@Module({
  providers: [{ provide: Log, useFactory: () => Log.silent() }, Metrics, HealthRegistry],
  exports: [Log, Metrics, HealthRegistry],
})
class Observability {}

const NOTES = { name: 'notes', directory: new URL('migrations/notes/', import.meta.url) };

describe('PostgresModule', () => {
  let test: TestDatabase;
  let container: TestContainer | undefined;
  beforeEach(async () => {
    test = await createTestDatabase();
  });
  afterEach(async () => {
    await container?.stop();
    container = undefined;
    await test.drop();
  });

  async function start(env: Record<string, string>): Promise<INestApplicationContext> {
    container = await startContainer(
      { imports: [Observability, PostgresModule.forRoot({ migrations: [NOTES] })] },
      { MCP_DATABASE_URL: test.serviceUrl, ...env },
    );
    return container.app;
  }

  const migrating = () => ({ MCP_MIGRATE_ON_START: 'true', MCP_MIGRATION_DATABASE_URL: test.ownerUrl });

  it('migrates, if told so, before the service runs', async () => {
    const context = await start(migrating());
    const database = context.get(Database);
    await database.write(ACME, () => addNote(database, 'a'));
    expect(await database.read(ACME, () => noteIds(database))).toEqual(['a']);
    expect(await context.get(Migrator).pending()).toEqual([]);
  });

  it('tells that it needs the owner to migrate', async () => {
    await expect(start({ MCP_MIGRATE_ON_START: 'true' })).rejects.toThrow('MCP_MIGRATION_DATABASE_URL');
  });

  it('is not healthy before the migrations are applied, and is afterwards', async () => {
    const context = await start({ MCP_MIGRATION_DATABASE_URL: test.ownerUrl });
    const health = context.get(HealthRegistry);
    expect(await health.report()).toMatchObject({
      status: 'error',
      dependencies: { postgres: { status: 'down' } },
    });
    expect(await context.get(Migrator).run()).toMatchObject([{ source: 'notes', number: 1 }]);
    expect(await health.report()).toMatchObject({
      status: 'ok',
      dependencies: { postgres: { status: 'up', details: { pending_migrations: 0, pool: { size: 10 } } } },
    });
  });

  it('does not start on a role that could see all tenants', async () => {
    const error = await rejection(start({ ...migrating(), MCP_DATABASE_URL: test.ownerUrl }));
    expect(error.message).toContain('refuses to run');
    expect(error.message).toContain('owns');
  });

  it('does not start as a superuser', async () => {
    const error = await rejection(start({ ...migrating(), MCP_DATABASE_URL: test.superuserUrl }));
    expect(error.message).toContain('superuser');
  });

  it('measures the pool', async () => {
    const context = await start({ ...migrating(), MCP_DATABASE_POOL_SIZE: '3' });
    const database = context.get(Database);
    await database.read(ACME, async () => {
      await noteIds(database);
      const metrics = await context.get(Metrics).registry.metrics();
      expect(metrics).toContain('mcp_database_pool_size 3');
      expect(metrics).toContain('mcp_database_pool_open 1');
      expect(metrics).toContain('mcp_database_pool_in_use 1');
      expect(metrics).toContain('mcp_database_pool_waiting 0');
    });
  });

  it('provides the stages of the pipeline', async () => {
    const context = await start(migrating());
    expect(stageSlotOf(context.get(UnitOfWorkStage).constructor)).toBe('unit-of-work');
    expect(stageSlotOf(context.get(SavepointStage).constructor)).toBe('savepoint');
  });

  it('disconnects when the service ends', async () => {
    const context = await start(migrating());
    const database = context.get(Database);
    await database.read(ACME, () => noteIds(database));
    await container!.stop();
    container = undefined;
    expect(database.poolState.open).toBe(0);
  });
});
