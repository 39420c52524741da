import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asGantryError } from '@gantry/errors';
import type { Principal } from '@gantry/pipeline';
import { startRecords, type RecordsApp } from '../../test/records-app.ts';
import { DefineCollectionTool } from '../tools/define-collection.tool.ts';
import { Uploads, type FilePart } from './uploads.ts';

const ann: Principal = { tenant: 'acme', subject: 'ann', client: 'cli', scopes: new Set() };

let app: RecordsApp;

beforeAll(async () => {
  app = await startRecords({ MCP_RECORDS_IMPORT_MAX_BYTES: '10' });
  await app.call(DefineCollectionTool, { name: 'things', json_schema: { type: 'object' } });
});
afterAll(() => app.stop());

function receive(part: Partial<FilePart>, sender = ann) {
  const whole: FilePart = {
    collection: 'things',
    format: 'csv',
    uploadId: undefined,
    part: 1,
    content: '',
    ...part,
  };
  return app.database.write(sender, () => app.get(Uploads).receive(sender, whole));
}

describe('Uploads', () => {
  it('counts what arrives', async () => {
    const { id } = await receive({ content: 'a\nü\n' });
    expect(await receive({ uploadId: id, part: 2, content: '😀' })).toEqual({
      id,
      collection: 'things',
      format: 'csv',
      parts: 2,
      length: 6,
      bytes: 9,
      newlines: 2,
      operationId: null,
    });
  });

  it('refuses what is too large in all, and can go on with less', async () => {
    expect(await receive({ content: 'x'.repeat(11) }).catch(asGantryError)).toMatchObject({
      code: 'upload_too_large',
      details: { max_bytes: 10 },
    });
    const { id } = await receive({ content: 'x'.repeat(9) });
    expect(await receive({ uploadId: id, part: 2, content: 'ü' }).catch(asGantryError)).toMatchObject({
      code: 'upload_too_large',
    });
    expect(await receive({ uploadId: id, part: 2, content: 'u' })).toMatchObject({ parts: 2, bytes: 10 });
  });

  it('lets nobody begin many files and complete none', async () => {
    const bob = { ...ann, subject: 'bob' };
    for (let begun = 0; begun < 10; begun++) await receive({ content: 'a' }, bob);
    expect(await receive({ content: 'a' }, bob).catch(asGantryError)).toMatchObject({
      code: 'too_many_uploads',
      details: { most_uploads: 10 },
    });
    expect(await receive({ content: 'a' }, { ...bob, client: 'other' })).toMatchObject({ parts: 1 });
  });
});
