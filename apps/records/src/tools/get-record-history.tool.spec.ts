import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ANN, startRecords, type RecordsApp } from '../../test/records-app.ts';
import { CreateRecordTool } from './create-record.tool.ts';
import { DefineCollectionTool } from './define-collection.tool.ts';
import { DeleteRecordTool } from './delete-record.tool.ts';
import { GetRecordHistoryTool } from './get-record-history.tool.ts';
import { UpdateRecordTool } from './update-record.tool.ts';

let app: RecordsApp;
let record_id: string;
beforeAll(async () => {
  app = await startRecords();
  await app.call(DefineCollectionTool, { name: 'books', json_schema: { type: 'object' } });
  ({ id: record_id } = await app.call(CreateRecordTool, {
    collection: 'books',
    document: { title: 'Emma', year: 1815 },
  }));
  await app.call(UpdateRecordTool, { record_id, patch: { year: 1816 } }, { ...ANN, subject: 'bob' });
  await app.call(DeleteRecordTool, { record_id });
});
afterAll(() => app.stop());

describe('get_record_history', () => {
  it('tells what each version held, who made it and when', async () => {
    const { items, has_more } = await app.call(GetRecordHistoryTool, { record_id });
    const changed_at = expect.stringMatching(/^20.*Z$/);
    expect(items).toEqual([
      {
        version: 3,
        change: 'delete',
        data: { title: 'Emma', year: 1816 },
        changed_by: { subject: 'ann', client: 'test' },
        changed_at,
      },
      {
        version: 2,
        change: 'update',
        data: { title: 'Emma', year: 1816 },
        changed_by: { subject: 'bob', client: 'test' },
        changed_at,
      },
      {
        version: 1,
        change: 'create',
        data: { title: 'Emma', year: 1815 },
        changed_by: { subject: 'ann', client: 'test' },
        changed_at,
      },
    ]);
    expect(has_more).toBe(false);
  });

  it('comes in pages, and with the properties asked for', async () => {
    const first = await app.call(GetRecordHistoryTool, { record_id, limit: 2, fields: ['year'] });
    expect(first.items.map(({ version, data }) => [version, data])).toEqual([
      [3, { year: 1816 }],
      [2, { year: 1816 }],
    ]);
    const second = await app.call(GetRecordHistoryTool, { record_id, limit: 2, cursor: first.next_cursor });
    expect(second.items.map(({ version }) => version)).toEqual([1]);
  });

  it('knows only records of the caller', async () => {
    expect(await app.refusal(GetRecordHistoryTool, { record_id }, { ...ANN, tenant: 'other' })).toMatchObject(
      { code: 'not_found' },
    );
  });
});
