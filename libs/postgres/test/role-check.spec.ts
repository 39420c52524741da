import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import postgres from 'postgres';
import { assertTenantsAreIsolated } from '../src/role-check.ts';
import { openFixture, rejection, type Fixture } from './fixtures.ts';

describe('the check before the start', () => {
  let fixture: Fixture;
  /** Superuser, in the database of the fixture. */
  let admin: postgres.Sql;
  let service: postgres.Sql;
  beforeAll(async () => {
    fixture = await openFixture();
    const url = new URL(process.env['GANTRY_TEST_POSTGRES_URL']!);
    url.pathname = new URL(fixture.test.ownerUrl).pathname;
    admin = postgres(url.href, { max: 1, onnotice: () => {} });
    service = postgres(fixture.test.serviceUrl, { max: 1 });
  });
  afterAll(async () => {
    await Promise.all([admin.end(), service.end()]);
    await fixture.close();
  });
  afterEach(async () => {
    await assertTenantsAreIsolated(service);
  });

  async function refusal(sql: postgres.Sql = service): Promise<string> {
    const { message } = await rejection(assertTenantsAreIsolated(sql));
    expect(message).toContain('refuses to run');
    return message;
  }

  /** Runs `work` as a role of its own. */
  async function asRole(
    attributes: string,
    work: (sql: postgres.Sql, role: string) => Promise<void>,
  ): Promise<void> {
    const role = `role_${randomBytes(6).toString('hex')}`;
    const password = randomBytes(12).toString('hex');
    await admin.unsafe(`create role ${role} login password '${password}' ${attributes}`);
    await admin.unsafe(
      `grant connect on database ${fixture.test.name} to ${role}; grant gantry_service to ${role}`,
    );
    const url = new URL(fixture.test.serviceUrl);
    url.username = role;
    url.password = password;
    const sql = postgres(url.href, { max: 1 });
    try {
      await work(sql, role);
    } finally {
      await sql.end();
      await admin.unsafe(`drop owned by ${role}; drop role ${role}`);
    }
  }

  it('lets a member of gantry_service pass that owns nothing', async () => {
    await assertTenantsAreIsolated(service);
  });

  it('refuses a superuser', async () => {
    expect(await refusal(admin)).toContain('superuser');
  });

  it('refuses a role with BYPASSRLS', async () => {
    await asRole('bypassrls', async (sql, role) => {
      expect(await refusal(sql)).toContain(`"${role}" with BYPASSRLS`);
    });
  });

  it('refuses a role that can become one with BYPASSRLS', async () => {
    await asRole('bypassrls', async (_, powerful) => {
      await asRole('noinherit', async (sql, role) => {
        await admin.unsafe(`grant ${powerful} to ${role}`);
        expect(await refusal(sql)).toContain(`"${powerful}" with BYPASSRLS`);
      });
    });
  });

  it('refuses the owner of a table', async () => {
    const message = await refusal(fixture.owner);
    expect(message).toContain('owns gantry_migrations, notes');
  });

  it('refuses tables with a tenant_id whose row-level security is not enabled', async () => {
    await fixture.owner`create table bare (tenant_id text)`;
    expect(await refusal()).toContain('not enabled and forced on bare');
    await fixture.owner`drop table bare`;
  });

  it('refuses tables with a tenant_id whose row-level security is not forced', async () => {
    await fixture.owner`alter table notes no force row level security`;
    expect(await refusal()).toContain('not enabled and forced on notes');
    await fixture.owner`alter table notes force row level security`;
  });

  it('refuses partitions that are open to direct access', async () => {
    await fixture.owner.unsafe(`
      create table parts (tenant_id text, at date) partition by range (at);
      create table parts_2026 partition of parts for values from ('2026-01-01') to ('2027-01-01');
      alter table parts enable row level security;
      alter table parts force row level security`);
    expect(await refusal()).toContain('forced on parts_2026');
    await fixture.owner`drop table parts`;
  });

  it('refuses views that read with the rights of their owner', async () => {
    await fixture.owner`create view all_of_them as select * from notes`;
    expect(await refusal()).toContain('views all_of_them');
    await fixture.owner`drop view all_of_them`;
    await fixture.owner`create view own with (security_invoker = true) as select * from notes`;
    await assertTenantsAreIsolated(service);
    await fixture.owner`drop view own`;
  });

  it('tells everything wrong at once', async () => {
    await fixture.owner`create table bare (tenant_id text)`;
    const message = await refusal(fixture.owner);
    expect(message).toContain('owns bare, gantry_migrations, notes');
    expect(message).toContain('forced on bare');
    await fixture.owner`drop table bare`;
  });
});
