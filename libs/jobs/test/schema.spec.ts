import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sql } from '@gantry/postgres';
import { createTestDatabase, waitFor } from '@gantry/testing';
import { describe, expect, it } from '@jest/globals';
import { HealthRegistry } from '@gantry/observability';
import { PgBoss } from 'pg-boss';
import postgres from 'postgres';
import { Boss } from '../src/boss.ts';
import { JobHandler, Jobs, OperationHandler, type HandlesJob, type RunsOperation } from '../src/index.ts';
import { useFixture } from './fixture.ts';
import { additions, handlers } from './handlers.ts';
import { fill, Filler } from './operation-handlers.ts';
import { migrateAll, startReplica } from './replica.ts';

const the = useFixture(handlers);

describe('the schema of pg-boss', () => {
  it('is the one that the installed version wants', async () => {
    const [{ url }] = await the.owner<[{ url: string }]>`select current_database() as url`;
    const { host, port, user, pass } = the.owner.options;
    const boss = new PgBoss({
      host: host[0]!,
      port: port[0]!,
      user,
      password: String(pass),
      database: url,
      migrate: false,
      supervise: false,
      schedule: false,
    });
    boss.on('error', () => {});
    // Rejects if the version is another: append getMigrationPlans('pgboss', <old version>) as a migration.
    await boss.start();
    const drift = await boss.detectSchemaDrift();
    await boss.stop();
    expect(drift).toMatchObject({ ok: true });
  });

  it('belongs to the owner, and the service can neither make nor change anything in it', async () => {
    const refused = [
      'create table pgboss.mine (id int)',
      'alter table pgboss.job add mine int',
      'drop table pgboss.queue',
    ];
    for (const statement of refused) {
      const attempt = the.replica.write(() => the.replica.database.sql.unsafe(statement));
      await expect(attempt).rejects.toThrow(/permission denied|must be owner/);
    }
    const owned = await the.owner`
      select from pg_class c join pg_roles r on r.oid = c.relowner
      where c.relnamespace = 'pgboss'::regnamespace and r.rolname <> current_user`;
    expect(owned).toHaveLength(0);
  });

  it('lets the service do all maintenance that pg-boss does', async () => {
    const errors: Error[] = [];
    const boss = the.replica.app.get(Boss).running;
    boss.on('error', (error) => errors.push(error));
    await the.owner`update pgboss.queue set monitor_on = null, monitor_claim_on = null, maintain_on = null`;
    await boss.supervise();
    await boss.resolveFlow();
    expect(errors).toEqual([]);
    const [{ maintained }] = await the.owner<[{ maintained: boolean }]>`
      select bool_and(maintain_on is not null and monitor_on is not null) as maintained from pgboss.queue`;
    expect(maintained).toBe(true);
  });

  it('keeps the jobs of tenants apart inside units of work', async () => {
    const { database } = the.replica;
    const jobs = the.replica.app.get(Jobs);
    await the.replica.write(() => jobs.enqueue(additions, { name: the.thing }, { startAfter: 60 }));
    const count = (tenant: string) =>
      database.read({ tenant }, async () => {
        const rows =
          await database.sql`select from pgboss.job where data -> 'payload' ->> 'name' = ${the.thing}`;
        const common =
          await database.sql`select from pgboss.job_common where data -> 'payload' ->> 'name' = ${the.thing}`;
        return [rows.length, common.length];
      });
    expect(await count('acme')).toEqual([1, 1]);
    expect(await count('umbrella')).toEqual([0, 0]);
    const forged = the.replica.write(
      () =>
        database.sql`insert into pgboss.job_common (name, data) values ('additions', '{"tenant":"umbrella"}')`,
    );
    await expect(forged).rejects.toThrow('row-level security');
  });
});

describe('a replica', () => {
  it('that starts before the schema is there works as soon as it is', async () => {
    const database = await createTestDatabase();
    const early = await startReplica(database.serviceUrl, handlers);
    const health = early.app.get(HealthRegistry);
    expect((await health.report()).dependencies['jobs']).toMatchObject({ status: 'down' });
    await migrateAll(database.ownerUrl);
    await waitFor(async () => (await health.report()).dependencies['jobs']?.status === 'up', 10_000);
    await early.write(() => early.app.get(Jobs).enqueue(additions, { name: the.thing }));
    await waitFor(async () => (await early.things()).includes(the.thing));
    await early.stop();
    await database.drop();
  });

  it('with two handlers for one queue does not start', async () => {
    @JobHandler({ queue: additions })
    class Another implements HandlesJob<typeof additions> {
      handle = () => Promise.resolve();
    }
    const start = startReplica(the.serviceUrl, [...handlers, Another]);
    await expect(start).rejects.toThrow('Two handlers work the queue additions');
  });

  it('with two handlers for one kind of operation does not start', async () => {
    @OperationHandler(fill)
    class Another implements RunsOperation<typeof fill> {
      run = () => Promise.reject(new Error('never'));
    }
    await expect(startReplica(the.serviceUrl, [Filler, Another])).rejects.toThrow('operations of kind fill');
  });

  it('moves to new credentials without losing a job', async () => {
    const url = new URL(the.serviceUrl);
    const folder = await mkdtemp(join(tmpdir(), 'gantry-jobs-'));
    const file = join(folder, 'url');
    await writeFile(file, url.href);
    // Since Postgres 16 only who administers a role can grant it, and the owner does not administer the service's.
    const admin = postgres(process.env['GANTRY_TEST_POSTGRES_URL']!, { max: 1 });
    const role = `rotated_${randomUUID().slice(0, 8)}`;
    const databaseName = admin(url.pathname.slice(1));
    await admin.unsafe(`create role ${role} login password 'rotated' in role gantry_service`);
    await admin`grant connect on database ${databaseName} to ${admin(role)}`;
    const replica = await startReplica('', handlers, {
      MCP_DATABASE_URL_FILE: file,
      MCP_SECRET_POLL_SECONDS: '0.2',
    });
    try {
      const names = Array.from({ length: 10 }, (_, index) => `${the.thing} ${index}`);
      await replica.write(async () => {
        for (const name of names) await replica.app.get(Jobs).enqueue(additions, { name, wait_ms: 100 });
      });
      url.username = role;
      url.password = 'rotated';
      await writeFile(file, url.href);
      await waitFor(() => replica.database.inspect(jobSessionsAs(role), 1_000), 10_000);
      await waitFor(
        async () => (await replica.things()).filter((name) => name.startsWith(the.thing)).length === 10,
      );
    } finally {
      await replica.stop();
      await admin`revoke connect on database ${databaseName} from ${admin(role)}`;
      await admin`drop role ${admin(role)}`;
      await admin.end();
    }
    await rm(folder, { recursive: true });
  });
});

/** A role sees all of its own sessions, and no more than the names of those of others. */
function jobSessionsAs(role: string) {
  return async (sql: Sql): Promise<boolean> => {
    const sessions = await sql`
      select from pg_stat_activity
      where current_user = ${role} and usename = ${role} and application_name like '%-jobs'`;
    return sessions.length > 0;
  };
}
