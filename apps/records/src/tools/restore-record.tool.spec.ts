import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startRecords, type RecordsApp } from '../../test/records-app.ts';
import { CreateRecordTool } from './create-record.tool.ts';
import { DefineCollectionTool } from './define-collection.tool.ts';
import { DeleteRecordTool } from './delete-record.tool.ts';
import { RestoreRecordTool } from './restore-record.tool.ts';

let app: RecordsApp;
beforeAll(async () => {
  app = await startRecords();
  await app.call(DefineCollectionTool, { name: 'books', json_schema: { type: 'object' } });
});
afterAll(() => app.stop());

describe('restore_record', () => {
  it('brings a deleted record back', async () => {
    const { id } = await app.call(CreateRecordTool, { collection: 'books', document: { title: 'Emma' } });
    await app.call(DeleteRecordTool, { record_id: id });
    const restored = await app.call(RestoreRecordTool, { record_id: id, expected_version: 2 });
    expect(restored).toMatchObject({ id, version: 3, data: { title: 'Emma' } });
    expect(restored).not.toHaveProperty('deleted_at');
  });

  it('names the next step when there is nothing to restore, or it no longer fits', async () => {
    const { id } = await app.call(CreateRecordTool, { collection: 'books', document: {} });
    expect(await app.refusal(RestoreRecordTool, { record_id: id })).toMatchObject({
      code: 'record_not_deleted',
      hint: expect.stringContaining('get_record'),
    });
    await app.call(DeleteRecordTool, { record_id: id });
    await app.call(DefineCollectionTool, {
      name: 'books',
      json_schema: { type: 'object', required: ['title'] },
    });
    expect(await app.refusal(RestoreRecordTool, { record_id: id })).toMatchObject({
      code: 'schema_incompatible',
      hint: expect.stringContaining('create_record'),
    });
  });
});
