import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import postgres from 'postgres';
import { waitFor } from '@gantry/testing';
import { startRecords, type RunningRecords } from './running-records.ts';

interface Entry {
  readonly request_id: string;
  readonly subject: string;
  readonly tool: string;
  readonly outcome: string;
  readonly replayed: boolean;
}

let records: RunningRecords;
let service: postgres.Sql;

beforeAll(async () => {
  records = await startRecords();
  service = postgres(records.database.serviceUrl, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await service.end();
  await records.stop();
});

function call(name: string, args: object, token?: string) {
  return records.call('tools/call', { name, arguments: args }, token);
}

/** The trail as the tenant sees it, once it has `count` entries. */
function trail(count: number): Promise<Entry[]> {
  return waitFor(() =>
    service.begin(async (sql) => {
      await sql`select set_config('gantry.tenant', 'acme', true)`;
      const entries = await sql<Entry[]>`
        select request_id, subject, tool, outcome, replayed from audit_entries order by at`;
      return entries.length === count ? [...entries] : undefined;
    }),
  );
}

describe('the audit trail', () => {
  it('has one entry of every call, whatever became of it, and nothing can be changed in it', async () => {
    const note = { collection: 'notes', document: { text: 'secret text' }, idempotency_key: 'note-audited' };
    await call('define_collection', { name: 'notes', json_schema: { type: 'object' } });
    await call('create_record', note);
    await call('create_record', note);
    await call('create_record', { ...note, document: {} });
    await call('create_record', { collection: 'missing', document: {}, idempotency_key: 'note-missing' });
    await call('create_record', { collection: 7 });
    await call('create_record', note, await records.token({ subject: 'eve', scopes: ['records:read'] }));
    await call('list_records', { collection: 'notes' });
    const entries = await trail(8);
    expect(entries.map(({ subject, tool, outcome, replayed }) => [subject, tool, outcome, replayed])).toEqual(
      [
        ['ada', 'define_collection', 'ok', false],
        ['ada', 'create_record', 'ok', false],
        ['ada', 'create_record', 'ok', true],
        ['ada', 'create_record', 'idempotency_conflict', false],
        ['ada', 'create_record', expect.stringMatching(/not_found/), false],
        ['ada', 'create_record', 'validation_error', false],
        ['eve', 'create_record', 'permission_denied', false],
        ['ada', 'list_records', 'ok', false],
      ],
    );
    for (const change of ['update audit_entries set replayed = true', 'delete from audit_entries']) {
      await expect(service.unsafe(change)).rejects.toMatchObject({ code: '42501' });
    }
  });
});
