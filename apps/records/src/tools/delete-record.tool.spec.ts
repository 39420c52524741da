import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startRecords, type RecordsApp } from '../../test/records-app.ts';
import { CreateRecordTool } from './create-record.tool.ts';
import { DefineCollectionTool } from './define-collection.tool.ts';
import { DeleteRecordTool } from './delete-record.tool.ts';
import { ListRecordsTool } from './list-records.tool.ts';

let app: RecordsApp;
beforeAll(async () => {
  app = await startRecords();
  await app.call(DefineCollectionTool, { name: 'books', json_schema: { type: 'object' } });
});
afterAll(() => app.stop());

describe('delete_record', () => {
  it('takes a record out of sight', async () => {
    const { id } = await app.call(CreateRecordTool, { collection: 'books', document: { title: 'Emma' } });
    expect(await app.call(DeleteRecordTool, { record_id: id, expected_version: 1 })).toEqual({
      id,
      collection: 'books',
      version: 2,
      created_at: expect.any(String),
      updated_at: expect.any(String),
      deleted_at: expect.stringMatching(/^20.*Z$/),
    });
    expect((await app.call(ListRecordsTool, { collection: 'books' })).items).toEqual([]);
    expect(
      (await app.call(ListRecordsTool, { collection: 'books', include_deleted: true })).items,
    ).toMatchObject([{ id, deleted_at: expect.any(String) }]);
  });

  it('refuses what is deleted, has changed, or never was', async () => {
    const { id } = await app.call(CreateRecordTool, { collection: 'books', document: {} });
    expect(await app.refusal(DeleteRecordTool, { record_id: id, expected_version: 9 })).toMatchObject({
      code: 'version_conflict',
    });
    await app.call(DeleteRecordTool, { record_id: id });
    expect(await app.refusal(DeleteRecordTool, { record_id: id })).toMatchObject({ code: 'record_deleted' });
    expect(
      await app.refusal(DeleteRecordTool, { record_id: 'rec_01h455vb4pex5vsknk084sn02q' }),
    ).toMatchObject({ code: 'not_found' });
  });
});
