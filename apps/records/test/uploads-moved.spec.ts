import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { pathToFileURL } from 'node:url';
import { CheckOperationStatusTool } from '@gantry/jobs';
import { migrate } from '@gantry/postgres';
import { createTestDatabase, waitFor, type TestDatabase } from '@gantry/testing';
import { typeid } from 'typeid-js';
import postgres from 'postgres';
import { migrations } from '../src/records.module.ts';
import { ImportRecordsTool } from '../src/tools/import-records.tool.ts';
import { ListRecordsTool } from '../src/tools/list-records.tool.ts';
import { finished } from './finished.ts';
import { startRecords, type RecordsApp } from './records-app.ts';

/** Of migrations/, the last before uploads became the business of a library. */
const BEFORE = '0003';

const SENDING = typeid('imp').toString();
const IMPORTING = typeid('imp').toString();
const FOREIGN = typeid('imp').toString();
const OPERATION = typeid('op').toString();

const moved = (id: string) => id.replace('imp', 'upl');

let database: TestDatabase;
let app: RecordsApp;

beforeAll(async () => {
  database = await createTestDatabase();
  await migrateBefore();
  await sendAsBefore();
  await migrate({ url: database.ownerUrl, sources: migrations });
  app = await startRecords({ MCP_DATABASE_URL: database.serviceUrl });
});
afterAll(async () => {
  await app.stop();
  await database.drop();
});

/** Makes the tables of the time when uploads belonged to this service. */
async function migrateBefore(): Promise<void> {
  const folder = await mkdtemp(`${tmpdir()}/records-migrations-`);
  const all = new URL('../migrations/', import.meta.url);
  for (const name of await readdir(all))
    if (name.slice(0, 4) <= BEFORE) await cp(new URL(name, all), `${folder}/${name}`);
  const sources = migrations
    .filter(({ name }) => name !== 'files')
    .map((source) =>
      source.name === 'records' ? { ...source, directory: pathToFileURL(`${folder}/`) } : source,
    );
  await migrate({ url: database.ownerUrl, sources });
  await rm(folder, { recursive: true });
}

/** Files as the service of that time left them: two that are being sent, and one that is being imported. */
async function sendAsBefore(): Promise<void> {
  const sql = postgres(database.serviceUrl, { max: 1, onnotice: () => {} });
  const begin = (tenant: string, work: (sql: postgres.TransactionSql) => Promise<unknown>) =>
    sql.begin(async (transaction) => {
      await transaction`select set_config('gantry.tenant', ${tenant}, true)`;
      await transaction`
        insert into collections (name, version, title, json_schema, indexed_fields)
        values ('things', 1, 'Things', '{"type":"object"}', '[]')`;
      await work(transaction);
    });
  await begin('acme', async (transaction) => {
    await upload(transaction, SENDING, 'ann', '{"n":1}\n{"n"');
    await upload(transaction, IMPORTING, 'ann', 'x\n{"n":11}\n{"n":12}');
    const input = { import_id: IMPORTING, collection: 'things', format: 'ndjson', lines: 3, length: 19 };
    const state = { offset: 2, line: 2, imported: 0, rejected: 1 };
    await transaction`
      insert into operations (tenant_id, id, kind, subject, client, tool, request_id, input, state, done, total, expires_at)
      values (
        'acme', ${OPERATION}, 'import_records', 'ann', 'test', 'import_records', 'req_test',
        ${JSON.stringify(input)}::text::jsonb, ${JSON.stringify(state)}::text::jsonb, 1, 3, now() + interval '1 day'
      )`;
    await transaction`update record_imports set operation_id = ${OPERATION} where id = ${IMPORTING}`;
    await transaction`insert into record_import_rejections (operation_id, line, reason) values (${OPERATION}, 1, 'bad')`;
  });
  await begin('umbrella', (transaction) => upload(transaction, FOREIGN, 'eve', '{'));
  await sql.end();
}

async function upload(sql: postgres.TransactionSql, id: string, subject: string, content: string) {
  const newlines = content.split('\n').length - 1;
  const bytes = Buffer.byteLength(content);
  await sql`
    insert into record_imports (id, subject, client, collection, format, parts, length, bytes, newlines, expires_at)
    values (
      ${id}, ${subject}, 'test', 'things', 'ndjson', 1, ${content.length}, ${bytes}, ${newlines},
      now() + interval '1 hour'
    )`;
  await sql`
    insert into record_import_parts (import_id, part, ends_at, content)
    values (${id}, 1, ${content.length}, ${content})`;
}

const part = { collection: 'things', format: 'ndjson', content: ':2}\n' };

async function numbers() {
  const { items } = await app.call(ListRecordsTool, { collection: 'things', limit: 100 });
  return items.map(({ data }) => data['n']).toSorted();
}

describe('a service whose uploads have moved into the tables of the library', () => {
  it('goes on with an import that was running', async () => {
    const view = await waitFor(async () => {
      const seen = await app.call(CheckOperationStatusTool, { operation_id: OPERATION });
      return seen.poll_after_seconds === undefined ? seen : undefined;
    });
    expect(view).toMatchObject({
      status: 'succeeded',
      result: { lines: 3, imported: 2, rejected: 1, rejections: [{ line: 1, reason: 'bad' }] },
    });
    expect(await numbers()).toEqual([11, 12]);
  });

  it('takes the next part of a file that was being sent', async () => {
    const { operation } = await app.call(ImportRecordsTool, { ...part, upload_id: moved(SENDING), part: 2 });
    expect(await finished(app, operation)).toMatchObject({ result: { lines: 2, imported: 2, rejected: 0 } });
    expect(await numbers()).toEqual([1, 11, 12, 2]);
  });

  it('leaves a file to its sender', async () => {
    const next = { ...part, upload_id: moved(FOREIGN), part: 2, last: false };
    expect(await app.refusal(ImportRecordsTool, next)).toMatchObject({ code: 'upload_not_found' });
    const eve = { tenant: 'umbrella', subject: 'eve' };
    expect(await app.call(ImportRecordsTool, next, eve)).toMatchObject({ upload: { next_part: 3 } });
  });

  it('has every table of it under row-level security, the owner’s eyes too', async () => {
    const owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} });
    const unforced = await owner`
      select relname from pg_class
      where relname in ('uploads', 'upload_parts', 'upload_rejections', 'operations')
        and not (relrowsecurity and relforcerowsecurity)`;
    const left = await owner`select from pg_class where relname like 'record\\_import%'`;
    await owner.end();
    expect([...unforced, ...left]).toEqual([]);
  });
});
