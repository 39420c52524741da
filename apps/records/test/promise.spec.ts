import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectModern, startTestPostgres, waitFor, type ToolAnswer } from '@gantry/testing';
import postgres from 'postgres';
import { startRecords, type RunningRecords } from './running-records.ts';

/** The one promise, shown on two replicas of the running service: exactly once or not at all, within the caller's rights. */
let one: RunningRecords;
let two: RunningRecords;
/** A superuser's eyes and hands in the services' database. */
let admin: postgres.Sql;

beforeAll(async () => {
  one = await startRecords();
  two = await startRecords({}, one);
  const server = new URL((await startTestPostgres()).url);
  server.pathname = new URL(one.database.ownerUrl).pathname;
  admin = postgres(server.href, { max: 2, onnotice: () => {} });
  await call(one, 'define_collection', { name: 'notes', json_schema: { type: 'object' } });
});
afterAll(async () => {
  await admin.end();
  await two.stop();
  await one.stop();
});

type Result = ToolAnswer & { structuredContent: Record<string, unknown> };

async function call(replica: RunningRecords, name: string, args: object, token?: string): Promise<Result> {
  const { json } = await replica.call('tools/call', { name, arguments: args }, token);
  return json.result as unknown as Result;
}

async function createNote(key: string, text = 'hello'): Promise<string> {
  const created = await call(one, 'create_record', {
    collection: 'notes',
    document: { text },
    idempotency_key: `note-${key}`,
  });
  return created.structuredContent['id'] as string;
}

const bearers = (...scopes: string[]) => one.token({ scopes });

describe('a call takes effect exactly once', () => {
  it('when 50 callers repeat it at the same time, over two replicas', async () => {
    const args = { collection: 'notes', document: { race: true }, idempotency_key: 'fifty-at-once' };
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => call(index % 2 ? one : two, 'create_record', args)),
    );
    const done = answers.filter((answer) => !answer.isError);
    const inFlight = answers.filter((answer) => answer.isError);
    expect(done.length).toBeGreaterThan(0);
    expect(new Set(done.map((answer) => JSON.stringify(answer.structuredContent))).size).toBe(1);
    expect(done.filter((answer) => answer._meta?.['idempotent_replay'] !== true)).toHaveLength(1);
    for (const { structuredContent } of inFlight) {
      expect(structuredContent).toMatchObject({ code: 'idempotency_in_flight', retryable: true });
    }
    const [{ count }] = await admin<
      [{ count: string }]
    >`select count(*) from records where data->>'race' = 'true'`;
    expect(Number(count)).toBe(1);
  });

  it('when a refusal is repeated: the same refusal, by the same error id', async () => {
    const args = { collection: 'nowhere', document: {}, idempotency_key: 'refused-twice' };
    const [first, second] = [await call(one, 'create_record', args), await call(two, 'create_record', args)];
    expect(first.structuredContent).toMatchObject({ code: 'collection_not_found' });
    expect(second.structuredContent).toEqual(first.structuredContent);
    expect(second._meta).toMatchObject({ idempotent_replay: true });
  });
});

describe('or not at all', () => {
  it('when the client goes away while the call waits: nothing has changed, and the record is free', async () => {
    const record_id = await createNote('for-cancelling');
    const client = await connectModern(one.url, await bearers('records:write'));
    const leaving = new AbortController();
    await admin.begin(async (sql) => {
      await sql`set local lock_timeout = '5s'`;
      await sql`select 1 from records where id = ${record_id} for update`;
      const update = client.callTool(
        'update_record',
        { record_id, patch: { text: 'gone' } },
        { signal: leaving.signal },
      );
      const waits = async () => (await waitingFor()) > 0;
      await waitFor(waits);
      leaving.abort();
      await expect(update).rejects.toThrow();
      await waitFor(async () => !(await waits()));
    });
    const after = await call(two, 'get_record', { record_id });
    expect(after.structuredContent).toMatchObject({ version: 1, data: { text: 'hello' } });
    expect(
      (await call(two, 'update_record', { record_id, patch: { text: 'free' } })).isError,
    ).toBeUndefined();
    await client.close();
  });

  it('when the connection to the database is cut in the middle: a retryable error, and the retry does it once', async () => {
    const record_id = await createNote('for-cutting');
    const args = { record_id, patch: { text: 'cut' }, idempotency_key: 'cut-and-retried' };
    await admin.begin(async (sql) => {
      await sql`select 1 from records where id = ${record_id} for update`;
      const update = call(one, 'update_record', args);
      await waitFor(async () => (await waitingFor()) > 0);
      await admin`select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
      expect((await update).structuredContent).toMatchObject({
        code: 'dependency_unavailable',
        retryable: true,
      });
    });
    expect((await call(two, 'update_record', args)).structuredContent).toMatchObject({ version: 2 });
    const again = await call(one, 'update_record', args);
    expect(again).toMatchObject({ structuredContent: { version: 2 }, _meta: { idempotent_replay: true } });
  });

  async function waitingFor(): Promise<number> {
    const [{ count }] = await admin<[{ count: string }]>`
      select count(*) from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and state = 'active'`;
    return Number(count);
  }
});

describe('within the rights of the caller', () => {
  it('never shows or changes what belongs to another tenant, even by id', async () => {
    const record_id = await createNote('of-acme');
    const stranger = await one.token({ tenant: 'globex' });
    for (const [tool, args] of [
      ['get_record', { record_id }],
      ['get_record_history', { record_id }],
      ['update_record', { record_id, patch: { text: 'stolen' } }],
      ['delete_record', { record_id }],
      ['restore_record', { record_id }],
    ] as const) {
      expect((await call(one, tool, args, stranger)).structuredContent).toMatchObject({ code: 'not_found' });
    }
    expect((await call(one, 'list_collections', {}, stranger)).structuredContent).toMatchObject({
      items: [],
    });
    expect((await call(one, 'get_record', { record_id })).structuredContent).toMatchObject({ version: 1 });
  });

  it('keeps the idempotency keys of principals apart', async () => {
    const args = { collection: 'notes', document: { by: 'key' }, idempotency_key: 'same-key-for-all' };
    const mine = await call(one, 'create_record', args);
    const colleague = await one.token({ subject: 'grace' });
    const theirs = await call(one, 'create_record', args, colleague);
    expect(theirs._meta).not.toHaveProperty('idempotent_replay');
    expect(theirs.structuredContent['id']).not.toBe(mine.structuredContent['id']);
  });

  it('refuses a writer’s tool to a reader, and names the scope', async () => {
    const reader = await bearers('records:read');
    const answer = await one.call(
      'tools/call',
      { name: 'delete_record', arguments: { record_id: 'x' } },
      reader,
    );
    expect(answer.status).toBe(403);
    const listed = await one.call('tools/list', {}, reader);
    const names = (listed.json.result!['tools'] as { name: string }[]).map((tool) => tool.name);
    expect(names).toEqual([
      'cancel_operation',
      'check_operation_status',
      'export_records',
      'get_record',
      'get_record_history',
      'health_check',
      'list_collections',
      'list_records',
      'search_records',
    ]);
  });

  it('refuses a cursor of another tenant', async () => {
    await createNote('page-note-1');
    await createNote('page-note-2');
    const page = await call(one, 'list_records', { collection: 'notes', limit: 1 });
    const cursor = page.structuredContent['next_cursor'];
    const stranger = await one.token({ tenant: 'globex' });
    await call(one, 'define_collection', { name: 'notes', json_schema: { type: 'object' } }, stranger);
    const stolen = await call(one, 'list_records', { collection: 'notes', limit: 1, cursor }, stranger);
    expect(stolen.structuredContent).toMatchObject({
      code: 'validation_error',
      details: { issues: [expect.objectContaining({ path: '/cursor' })] },
    });
  });
});
