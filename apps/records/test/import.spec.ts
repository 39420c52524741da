import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@gantry/testing';
import { startRecords, type RunningRecords } from './running-records.ts';

let records: RunningRecords;

beforeAll(async () => {
  records = await startRecords();
  await call('define_collection', { name: 'notes', json_schema: { type: 'object' } });
});
afterAll(() => records.stop());

interface Result {
  isError?: boolean;
  structuredContent: Record<string, unknown>;
  _meta?: Record<string, unknown>;
}

async function call(name: string, args: object, token?: string): Promise<Result> {
  const { json } = await records.call('tools/call', { name, arguments: args }, token);
  return json.result as unknown as Result;
}

describe('a part that is sent again with its idempotency key', () => {
  it('is taken once and answered alike, also the last one', async () => {
    const parts = ['{"n":1}\n{"n"', ':2}\n', '{"n":3}'];
    let upload_id: string | undefined;
    let answer: Result | undefined;
    for (const [index, content] of parts.entries()) {
      const sent = {
        ...{ collection: 'notes', format: 'ndjson', content, part: index + 1, last: index === 2 },
        ...(upload_id !== undefined && { upload_id }),
        idempotency_key: `notes-part-${index + 1}`,
      };
      answer = await call('import_records', sent);
      const again = await call('import_records', sent);
      expect(again.structuredContent).toEqual(answer.structuredContent);
      expect(again._meta).toMatchObject({ idempotent_replay: true });
      upload_id ??= (answer.structuredContent['upload'] as { upload_id: string }).upload_id;
    }
    const { operation_id } = answer!.structuredContent['operation'] as { operation_id: string };
    await waitFor(async () => {
      const { structuredContent } = await call('check_operation_status', { operation_id });
      return structuredContent['status'] === 'succeeded';
    }, 20_000);
    const { structuredContent } = await call('list_records', { collection: 'notes' });
    expect((structuredContent['items'] as { data: object }[]).map(({ data }) => data)).toEqual([
      { n: 1 },
      { n: 2 },
      { n: 3 },
    ]);
  });
});

describe('who may only read', () => {
  it('can export and not import', async () => {
    const reader = await records.token({ subject: 'rita', scopes: ['records:read'] });
    const file = { collection: 'notes', format: 'csv', idempotency_key: 'notes-by-rita' };
    const refused = await records.call(
      'tools/call',
      { name: 'import_records', arguments: { ...file, content: 'a\n1' } },
      reader,
    );
    expect(refused.status).toBe(403);
    const exported = await call('export_records', { ...file, fields: ['n'] }, reader);
    const { operation_id } = exported.structuredContent['operation'] as { operation_id: string };
    expect(await call('check_operation_status', { operation_id })).toMatchObject({
      isError: true,
      structuredContent: { code: 'not_found' },
    });
  });
});
