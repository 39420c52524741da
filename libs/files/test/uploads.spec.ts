import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '@gantry/testing';
import { asGantryError, sharedError, type GantryError } from '@gantry/errors';
import type { Principal } from '@gantry/pipeline';
import { Uploads, type FilePart, type FileUse } from '../src/index.ts';
import { NumberRows, numberRowsOperation } from './number-rows.ts';
import { ANN, startReplica, type Replica } from './replica.ts';
import { CALL, receive, start } from './sending.ts';

let replica: Replica;
/** Who sends in a test: nobody may leave many uploads lying. */
let sender: Principal;
let senders = 0;

beforeAll(async () => {
  replica = await startReplica([NumberRows], {
    MCP_UPLOAD_MAX_BYTES: '20',
    MCP_OPERATIONS_CONCURRENCY: '0',
  });
});
beforeEach(() => {
  sender = { ...ANN, subject: `sender ${++senders}` };
});
afterAll(() => replica.stop());

const sent = (part: Partial<FilePart>, by = sender, use?: Partial<FileUse>) =>
  receive(replica, part, by, use);

async function refusal(...part: Parameters<typeof sent>): Promise<GantryError> {
  const answer = await sent(...part).catch(asGantryError);
  if (answer instanceof Error) return answer;
  throw new Error(`Not refused: ${JSON.stringify(answer)}`);
}

describe('an upload', () => {
  it('counts what arrives', async () => {
    const { id } = await sent({ content: 'a\nü\n' });
    expect(id).toMatch(/^upl_/);
    expect(await sent({ upload_id: id, part: 2, content: '😀' })).toEqual({
      id,
      purpose: 'number_rows',
      parameters: { format: 'csv' },
      parts: 2,
      length: 6,
      bytes: 9,
      lines: 3,
      operationId: null,
    });
    expect(await sent({ upload_id: id, part: 3, content: '\n' })).toMatchObject({ length: 7, lines: 3 });
  });

  it('takes the next part alone', async () => {
    const { id } = await sent({});
    for (const part of [1, 3])
      expect(await refusal({ upload_id: id, part })).toMatchObject({
        code: 'upload_part_unexpected',
        details: { next_part: 2 },
      });
    expect(await refusal({ part: 2 })).toMatchObject({ code: 'upload_part_unexpected' });
    expect(await sent({ upload_id: id, part: 2 })).toMatchObject({ parts: 2 });
  });

  it('takes one of two parts that are sent at once', async () => {
    const { id } = await sent({});
    const next = { upload_id: id, part: 2, content: 'x' };
    const use = { purpose: 'number_rows', parameters: { format: 'csv' } };
    const taken = Promise.withResolvers<void>();
    const commit = Promise.withResolvers<void>();
    const first = replica.write(async () => {
      await replica.get(Uploads).receive(sender, use, next);
      taken.resolve();
      await commit.promise;
    });
    await taken.promise;
    const second = refusal(next);
    await waitFor(async () => {
      const [waiting] = await replica.owner`
        select from pg_locks join pg_stat_activity using (pid)
        where not granted and datname = current_database()`;
      return waiting !== undefined;
    });
    commit.resolve();
    await first;
    expect(await second).toMatchObject({ code: 'upload_part_unexpected', details: { next_part: 3 } });
  });

  it('keeps to what it was begun with', async () => {
    const parameters = { collection: 'things', format: 'csv' };
    const { id } = await sent({}, sender, { parameters });
    const other = { parameters: { ...parameters, collection: 'others' } };
    expect(await refusal({ upload_id: id, part: 2 }, sender, other)).toMatchObject({
      code: 'upload_part_unexpected',
      message: 'The upload was begun with collection "things".',
      hint: 'Send the same collection and format with every part.',
      details: { next_part: 2 },
    });
  });

  it('is nobody else’s, and no other tool’s', async () => {
    const { id } = await sent({});
    const next = { upload_id: id, part: 2 };
    for (const stranger of [{ tenant: 'umbrella' }, { subject: 'bob' }, { client: 'app' }])
      expect(await refusal(next, { ...sender, ...stranger })).toMatchObject({ code: 'upload_not_found' });
    expect(await refusal(next, sender, { purpose: 'add_rows' })).toMatchObject({ code: 'upload_not_found' });
    expect(await sent(next)).toMatchObject({ parts: 2 });
  });

  it('is forgotten when it has waited for too long', async () => {
    const { id } = await sent({});
    await replica.owner.begin(async (sql) => {
      await sql`select set_config('gantry.tenant', ${ANN.tenant}, true)`;
      await sql`update uploads set expires_at = now() where id = ${id}`;
    });
    expect(await refusal({ upload_id: id, part: 2 })).toMatchObject({ code: 'upload_not_found' });
  });

  it('can be refused before it begins', async () => {
    const begins = () => Promise.reject(sharedError('not_found', 'No such collection.'));
    expect(await refusal({}, sender, { begins })).toMatchObject({ code: 'not_found' });
    const { id } = await sent({});
    expect(await sent({ upload_id: id, part: 2 }, sender, { begins })).toMatchObject({ parts: 2 });
  });
});

describe('what a sender can have stored', () => {
  it('is bounded for a file, which can go on with less', async () => {
    expect(await refusal({ content: 'x'.repeat(21) })).toMatchObject({
      code: 'upload_too_large',
      details: { max_bytes: 20 },
    });
    const { id } = await sent({ content: 'x'.repeat(19) });
    expect(await refusal({ upload_id: id, part: 2, content: 'ü' })).toMatchObject({
      code: 'upload_too_large',
    });
    expect(await sent({ upload_id: id, part: 2, content: 'u' })).toMatchObject({ parts: 2, bytes: 20 });
  });

  it('is bounded in the files that are begun and not completed', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 14 }, () => sent({})));
    const begun = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(begun).toHaveLength(10);
    expect(await refusal({})).toMatchObject({ code: 'too_many_uploads', details: { most_uploads: 10 } });
    expect(await sent({}, { ...sender, client: 'other' })).toMatchObject({ parts: 1 });
    await start(replica, begun[0]!);
    expect(await sent({})).toMatchObject({ parts: 1 });
  });
});

describe('a complete upload', () => {
  it('takes no further part, and says what works on it', async () => {
    const upload = await sent({ content: 'a\n1\n2' });
    const { operation_id, tool, status } = await start(replica, upload);
    expect({ tool, status }).toEqual({ tool: 'number_rows', status: 'queued' });
    expect(await refusal({ upload_id: upload.id, part: 2 })).toMatchObject({
      code: 'upload_part_unexpected',
      hint: expect.stringContaining(operation_id),
    });
  });

  it('is kept until its operation is forgotten', async () => {
    const { id } = await sent({});
    const { expires_at } = await start(replica, await sent({ upload_id: id, part: 2 }));
    const [row] = await replica.write(
      () => replica.database.sql<[{ expires_at: string }]>`select expires_at from uploads where id = ${id}`,
    );
    expect(Date.parse(row.expires_at) - Date.parse(expires_at)).toBe(24 * 3_600_000);
  });

  it('can be completed again if what starts it is undone', async () => {
    const upload = await sent({});
    const undone = replica.write(async () => {
      await replica
        .get(Uploads)
        .start(CALL, upload, numberRowsOperation, (file) => ({ file, format: 'csv' as const }));
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await sent({ upload_id: upload.id, part: 2 })).toMatchObject({ parts: 2, operationId: null });
  });
});
