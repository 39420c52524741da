import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ANN, startRecords, type RecordsApp } from '../../test/records-app.ts';
import { CreateRecordTool } from './create-record.tool.ts';
import { DefineCollectionTool } from './define-collection.tool.ts';
import { DeleteRecordTool } from './delete-record.tool.ts';
import { GetRecordTool } from './get-record.tool.ts';

let app: RecordsApp;
let id: string;
beforeAll(async () => {
  app = await startRecords();
  await app.call(DefineCollectionTool, { name: 'books', json_schema: { type: 'object' } });
  ({ id } = await app.call(CreateRecordTool, {
    collection: 'books',
    document: { title: 'Emma', year: 1815, tags: { a: 1 } },
  }));
});
afterAll(() => app.stop());

describe('get_record', () => {
  it('returns the document, or the properties asked for', async () => {
    const record = await app.call(GetRecordTool, { record_id: id });
    expect(record).toMatchObject({ id, version: 1, data: { title: 'Emma', year: 1815, tags: { a: 1 } } });
    expect(await app.call(GetRecordTool, { record_id: id, fields: ['year', 'nothing', 'toString'] })).toEqual(
      { ...record, data: { year: 1815 } },
    );
  });

  it('finds nothing of another tenant', async () => {
    expect(await app.refusal(GetRecordTool, { record_id: id }, { ...ANN, tenant: 'other' })).toMatchObject({
      code: 'not_found',
      hint: expect.stringContaining('list_records'),
    });
  });

  it.each([
    'rec_',
    'ord_01h455vb4pex5vsknk084sn02q',
    'rec_01h455vb4pex5vsknk084sn02q\n',
    'rec_81h455vb4pex5vsknk084sn02q',
    "rec_' or 1=1 --",
  ])('refuses %j for an id', async (wrong) => {
    await expect(app.call(GetRecordTool, { record_id: wrong })).rejects.toMatchObject({
      issues: [{ path: ['record_id'] }],
    });
  });

  it('returns a deleted record only if asked for', async () => {
    await app.call(DeleteRecordTool, { record_id: id });
    expect(await app.refusal(GetRecordTool, { record_id: id })).toMatchObject({ code: 'record_deleted' });
    expect(await app.call(GetRecordTool, { record_id: id, include_deleted: true })).toMatchObject({
      version: 2,
      deleted_at: expect.stringMatching(/^20.*Z$/),
      data: { title: 'Emma' },
    });
  });
});
