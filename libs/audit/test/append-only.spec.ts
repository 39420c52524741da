import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import postgres from 'postgres';
import { useFixture } from './fixture.ts';

const the = useFixture();
const DENIED = '42501';

let owner: postgres.Sql;
let service: postgres.Sql;

beforeAll(async () => {
  owner = postgres(the.ownerUrl, { max: 1, onnotice: () => {} });
  service = postgres(the.serviceUrl, { max: 1, onnotice: () => {} });
  const create = the.replica.tool('create', async () => ({}));
  for (const tenant of ['acme', 'acme', 'globex']) await create({ tenant });
});
afterAll(async () => {
  await Promise.all([owner.end(), service.end()]);
});

/** In a transaction of a tenant, which is then rolled back. */
async function asTenant<T>(
  sql: postgres.Sql,
  tenant: string,
  work: (sql: postgres.Sql) => Promise<T>,
): Promise<T> {
  const undone = new Error('undone');
  let result: T;
  await sql
    .begin(async (transaction) => {
      await transaction`select set_config('gantry.tenant', ${tenant}, true)`;
      result = await work(transaction as unknown as postgres.Sql);
      throw undone;
    })
    .catch((error: unknown) => {
      if (error !== undone) throw error;
    });
  return result!;
}

/** An entry that looks `age` old; only the owner can say so. */
function insertAged(sql: postgres.Sql, tenant: string, requestId: string, age: string) {
  return sql`
    insert into audit_entries
      (tenant_id, request_id, at, recorded_at, subject, client, tool, effect, outcome, duration_ms, replayed)
    values
      (${tenant}, ${requestId}, now(), now() - ${age}::interval, 'a', 'a', 'a', 'read', 'ok', 0, false)`;
}

const CHANGES = [
  `update audit_entries set outcome = 'ok'`,
  `update audit_entries set outcome = 'ok' where false`,
  `delete from audit_entries`,
  `delete from audit_entries where false`,
  `truncate audit_entries`,
  `insert into audit_entries (tenant_id, request_id, at, subject, client, tool, effect, outcome, duration_ms, replayed)
   select tenant_id, request_id, at, subject, client, tool, effect, 'ok', 0, false from audit_entries
   on conflict (tenant_id, request_id) do update set outcome = 'ok'`,
];

describe('the service', () => {
  it.each(CHANGES)('is refused: %s', async (change) => {
    await expect(asTenant(service, 'acme', (sql) => sql.unsafe(change))).rejects.toMatchObject({
      code: DENIED,
    });
  });

  it.each([
    ['how old an entry looks', 'recorded_at', `now() - interval '1 year'`],
    ['the place of an entry', 'id', '1'],
  ])('cannot choose %s', async (_, column, value) => {
    const insert = asTenant(service, 'acme', (sql) =>
      sql.unsafe(`
        insert into audit_entries
          (${column}, tenant_id, request_id, at, subject, client, tool, effect, outcome, duration_ms, replayed)
        overriding system value
        values (${value}, 'acme', 'req_x', now(), 'a', 'a', 'a', 'read', 'ok', 0, false)`),
    );
    await expect(insert).rejects.toMatchObject({ code: DENIED });
  });

  it('sees the entries of its tenant alone, and adds none for another', async () => {
    const tenants = (tenant: string) =>
      asTenant(service, tenant, (sql) => sql<{ tenant_id: string }[]>`select tenant_id from audit_entries`);
    expect([...(await tenants('acme'))]).toEqual([{ tenant_id: 'acme' }, { tenant_id: 'acme' }]);
    expect([...(await tenants('globex'))]).toEqual([{ tenant_id: 'globex' }]);
    expect([...(await tenants('nobody'))]).toEqual([]);
    expect([...(await service`select from audit_entries`)]).toEqual([]);
    const smuggled = asTenant(
      service,
      'acme',
      (sql) => sql`
        insert into audit_entries
          (tenant_id, request_id, at, subject, client, tool, effect, outcome, duration_ms, replayed)
        values ('globex', 'req_x', now(), 'a', 'a', 'a', 'read', 'ok', 0, false)`,
    );
    await expect(smuggled).rejects.toMatchObject({ code: DENIED });
  });

  it('cannot purge', async () => {
    await expect(service`select purge_audit_entries('10 years', 1)`).rejects.toMatchObject({ code: DENIED });
    const byHand = asTenant(service, 'acme', async (sql) => {
      await sql`select set_config('gantry.audit_purge', 'on', true)`;
      return sql`delete from audit_entries`;
    });
    await expect(byHand).rejects.toMatchObject({ code: DENIED });
  });
});

describe('the owner', () => {
  it.each(CHANGES)('is refused: %s', async (change) => {
    const attempt = asTenant(owner, 'acme', (sql) => sql.unsafe(change));
    await expect(attempt).rejects.toMatchObject({ code: DENIED });
    await expect(owner.unsafe(change)).rejects.toMatchObject({ code: DENIED });
  });

  it('deletes nothing young, even with the switch that the purge uses', async () => {
    const deleted = await asTenant(owner, 'acme', async (sql) => {
      await sql`select set_config('gantry.audit_purge', 'on', true)`;
      return (await sql`delete from audit_entries`).count;
    });
    expect(deleted).toBe(0);
  });
});

describe('a superuser', () => {
  it.each(CHANGES.slice(0, -1))('is refused, as a replica too: %s', async (change) => {
    const url = new URL(process.env['GANTRY_TEST_POSTGRES_URL']!);
    url.pathname = new URL(the.ownerUrl).pathname;
    const superuser = postgres(url.href, { max: 1, onnotice: () => {} });
    await expect(superuser.unsafe(change)).rejects.toMatchObject({ code: DENIED });
    await superuser`set session_replication_role = replica`;
    await expect(superuser.unsafe(change)).rejects.toMatchObject({ code: DENIED });
    await superuser.end();
  });
});

describe('the purge', () => {
  const ids = async (tenant: string) =>
    (
      await asTenant(
        service,
        tenant,
        (sql) => sql<{ request_id: string }[]>`select request_id from audit_entries`,
      )
    )
      .map(({ request_id: id }) => id)
      .filter((id) => id.startsWith('aged'));
  const purge = async (olderThan: string, batch = 100) => {
    const [row] = await owner<
      [{ purged: number }]
    >`select purge_audit_entries(${olderThan}, ${batch}) as purged`;
    return row.purged;
  };

  beforeAll(async () => {
    for (const tenant of ['acme', 'globex']) {
      await owner.begin(async (sql) => {
        await sql`select set_config('gantry.tenant', ${tenant}, true)`;
        for (const age of ['89 days', '91 days', '400 days']) {
          await insertAged(sql as unknown as postgres.Sql, tenant, `aged ${age}`, age);
        }
      });
    }
  });

  it('removes what is older, of all tenants, a batch at a time, and nothing younger than 90 days', async () => {
    expect(await purge('1 year', 1)).toBe(1);
    expect(await purge('1 year')).toBe(1);
    expect(await purge('1 year')).toBe(0);
    expect(await ids('acme')).toEqual(['aged 89 days', 'aged 91 days']);
    expect(await purge('0 days')).toBe(2);
    expect(await purge('-10 years')).toBe(0);
    expect(await ids('acme')).toEqual(['aged 89 days']);
    expect(await ids('globex')).toEqual(['aged 89 days']);
  });

  it('leaves no door open', async () => {
    await purge('1 year');
    await expect(owner`delete from audit_entries`).rejects.toMatchObject({ code: DENIED });
  });
});
