import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { useFixture } from './fixture.ts';
import { startReplica, type Answer, type TestCall } from './replica.ts';

const the = useFixture();
let create: (call: TestCall) => Promise<Answer>;

beforeAll(() => {
  create = the.replica.tool('create', async () => ({ made: randomUUID() }));
});

const tenants = ['acme', 'umbrella'];

/** Lets time pass for the keys of a tenant. */
function age(tenant: string, hours: number): Promise<unknown> {
  return the.replica.database.write({ tenant }, async () => {
    await the.replica.database.sql`
      update idempotency_keys set
        created_at = created_at - make_interval(hours => ${hours}),
        expires_at = expires_at - make_interval(hours => ${hours})`;
  });
}

function keysOf(tenant: string): Promise<string[]> {
  return the.replica.database.read({ tenant }, async () => {
    const rows = await the.replica.database.sql<
      { key: string }[]
    >`select key from idempotency_keys order by key`;
    return rows.map((row) => row.key);
  });
}

beforeEach(async () => {
  for (const tenant of tenants) await age(tenant, 1_000);
  while ((await the.replica.expiredKeys.purge(100)) > 0);
});

describe('a used key', () => {
  it('is remembered for 24 hours', async () => {
    const first = await create({ key: 'key of today' });
    await age('acme', 23);
    expect(await create({ key: 'key of today' })).toEqual({ ...first, replay: true });
  });

  it('is free again after that, for whatever arguments, and is then remembered anew', async () => {
    const first = await create({ key: 'key of yesterday', input: { a: 1 } });
    await age('acme', 24);
    const second = await create({ key: 'key of yesterday', input: { a: 2 } });
    expect(second.replay).toBe(false);
    expect(second.output).not.toEqual(first.output);
    expect(await create({ key: 'key of yesterday', input: { a: 2 } })).toEqual({ ...second, replay: true });
    await age('acme', 23);
    expect(await create({ key: 'key of yesterday', input: { a: 2 } })).toEqual({ ...second, replay: true });
  });

  it('that has expired is taken over by one call alone', async () => {
    await create({ key: 'contested key' });
    await age('acme', 24);
    const answers = await Promise.all(Array.from({ length: 10 }, () => create({ key: 'contested key' })));
    expect(answers.filter((answer) => !answer.replay)).toHaveLength(1);
    expect(new Set(answers.map((answer) => JSON.stringify(answer.output))).size).toBe(1);
  });

  it('keeps its old answer if the call that takes it over fails', async () => {
    const fail = the.replica.tool('create', () => Promise.reject(new Error('boom')));
    const first = await create({ key: 'key of yesterday' });
    await age('acme', 24);
    await fail({ key: 'key of yesterday' });
    await age('acme', -24);
    expect(await create({ key: 'key of yesterday' })).toEqual({ ...first, replay: true });
  });

  it('is remembered as long as the operator says', async () => {
    const patient = await startReplica(the.serviceUrl, { MCP_IDEMPOTENCY_RETENTION_HOURS: '72' });
    const createThere = patient.tool('create', async () => ({}));
    await createThere({ key: 'key of the weekend' });
    await age('acme', 71);
    expect(await createThere({ key: 'key of the weekend' })).toMatchObject({ replay: true });
    await patient.stop();
  });
});

describe('the purge', () => {
  it('deletes the expired keys of all tenants and no others', async () => {
    for (const tenant of tenants) await create({ tenant, key: 'expired key' });
    for (const tenant of tenants) await age(tenant, 24);
    for (const tenant of tenants) await create({ tenant, key: 'current key' });
    expect(await the.replica.expiredKeys.purge(100)).toBe(2);
    for (const tenant of tenants) expect(await keysOf(tenant)).toEqual(['current key']);
  });

  it('deletes the oldest first, no more than it was told', async () => {
    for (const key of ['first expired', 'second expired', 'third expired']) {
      await create({ key });
      await age('acme', 24);
    }
    expect(await the.replica.expiredKeys.purge(2)).toBe(2);
    expect(await keysOf('acme')).toEqual(['third expired']);
  });

  it('does not wait for a key that a call is taking over', async () => {
    await create({ key: 'expired key' });
    await age('acme', 24);
    const [begun, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const takeOver = the.replica.tool('create', async () => {
      begun.resolve();
      await ended.promise;
      return {};
    });
    const taken = takeOver({ key: 'expired key' });
    await begun.promise;
    expect(await the.replica.expiredKeys.purge(100)).toBe(0);
    ended.resolve();
    expect(await taken).toEqual({ output: {}, replay: false });
    expect(await keysOf('acme')).toEqual(['expired key']);
  });
});

describe('the table', () => {
  it('shows a tenant no keys of another, expired or not', async () => {
    await create({ key: 'key of acme' });
    await age('acme', 24);
    expect(await keysOf('umbrella')).toEqual([]);
    await create({ key: 'key of acme, current' });
    expect(await keysOf('umbrella')).toEqual([]);
    expect(await keysOf('(none)')).toEqual([]);
  });

  it('lets the service delete nothing by itself', async () => {
    const attempt = the.replica.database.write({ tenant: 'acme' }, async () => {
      await the.replica.database.sql`delete from idempotency_keys`;
    });
    await expect(attempt).rejects.toThrow(/permission denied/);
  });

  it('holds neither the name of a subject nor that of a client', async () => {
    await create({ key: 'key of alice', subject: 'alice@example.com', client: 'client-7' });
    const [row] = await the.replica.database.read(
      { tenant: 'acme' },
      () => the.replica.database.sql`select to_jsonb(idempotency_keys)::text as text from idempotency_keys`,
    );
    expect(row!['text']).not.toMatch(/alice@|client-7/);
  });
});
