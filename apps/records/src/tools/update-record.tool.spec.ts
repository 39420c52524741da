import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startRecords, type RecordsApp } from '../../test/records-app.ts';
import { CreateRecordTool } from './create-record.tool.ts';
import { DefineCollectionTool } from './define-collection.tool.ts';
import { UpdateRecordTool } from './update-record.tool.ts';

let app: RecordsApp;
beforeAll(async () => {
  app = await startRecords();
  const json_schema = { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] };
  await app.call(DefineCollectionTool, { name: 'books', json_schema });
});
afterAll(() => app.stop());

const create = async () =>
  (
    await app.call(CreateRecordTool, {
      collection: 'books',
      document: { title: 'Emma', tags: { a: 1, b: 2 } },
    })
  ).id;

describe('update_record', () => {
  it('merges a patch into the document', async () => {
    const record_id = await create();
    const updated = await app.call(UpdateRecordTool, {
      record_id,
      patch: { year: 1815, tags: { a: null } },
      expected_version: 1,
    });
    expect(updated).toMatchObject({
      id: record_id,
      version: 2,
      data: { title: 'Emma', year: 1815, tags: { b: 2 } },
    });
  });

  it('refuses a stale version, a misfit and an unknown record', async () => {
    const record_id = await create();
    expect(await app.refusal(UpdateRecordTool, { record_id, patch: {}, expected_version: 2 })).toMatchObject({
      code: 'version_conflict',
      details: { current_version: 1 },
    });
    expect(await app.refusal(UpdateRecordTool, { record_id, patch: { title: 1 } })).toMatchObject({
      code: 'validation_error',
      details: { issues: [{ path: '/document/title', message: 'must be string' }] },
    });
    const unknown = 'rec_01h455vb4pex5vsknk084sn02q';
    expect(await app.refusal(UpdateRecordTool, { record_id: unknown, patch: {} })).toMatchObject({
      code: 'not_found',
    });
  });

  it('refuses a patch that is no object, or nested too deeply', async () => {
    const record_id = await create();
    const deep = JSON.parse('{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000)) as unknown;
    for (const patch of [null, [], 'x', deep])
      await expect(app.call(UpdateRecordTool, { record_id, patch })).rejects.toMatchObject({
        issues: [expect.anything()],
      });
  });
});
