import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import postgres from 'postgres';
import { finished } from '../../test/finished.ts';
import { startRecords, type Caller, type RecordsApp } from '../../test/records-app.ts';
import { CreateRecordTool } from '../tools/create-record.tool.ts';
import { DefineCollectionTool } from '../tools/define-collection.tool.ts';
import { ExportRecordsTool } from '../tools/export-records.tool.ts';
import { PurgeFiles } from './purge-files.ts';

const TENANTS: Caller[] = [
  { tenant: 'acme', subject: 'ann' },
  { tenant: 'umbrella', subject: 'eve' },
];

let app: RecordsApp;
let owner: postgres.Sql;

beforeAll(async () => {
  app = await startRecords();
  owner = postgres(app.ownerUrl, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await owner.end();
  await app.stop();
});

async function exportThings(caller: Caller): Promise<void> {
  const { operation } = await app.call(ExportRecordsTool, { collection: 'things', format: 'ndjson' }, caller);
  await finished(app, operation, caller);
}

async function counts({ tenant }: Caller): Promise<object> {
  const { database } = app;
  const [row] = await database.read(
    { tenant },
    () => database.sql<object[]>`
      select
        (select count(*)::int from record_exports) as files,
        (select count(*)::int from record_export_parts) as parts`,
  );
  return row!;
}

describe('the purge', () => {
  it('deletes exported files of forgotten operations, of all tenants, and no others', async () => {
    for (const tenant of TENANTS) {
      await app.call(DefineCollectionTool, { name: 'things', json_schema: { type: 'object' } }, tenant);
      await app.call(CreateRecordTool, { collection: 'things', document: { n: 1 } }, tenant);
      await exportThings(tenant);
    }
    const purge = () => app.get(PurgeFiles).run(new AbortController().signal);
    const all = () => Promise.all(TENANTS.map(counts));
    await purge();
    expect(await all()).toEqual(Array(2).fill({ files: 1, parts: 1 }));

    await owner`alter table record_exports no force row level security`;
    await owner`update record_exports set expires_at = now()`;
    await owner`alter table record_exports force row level security`;
    await exportThings(TENANTS[0]!);
    await purge();
    expect(await all()).toEqual([
      { files: 1, parts: 1 },
      { files: 0, parts: 0 },
    ]);
  });
});
