import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  BEGINNING,
  RejectionPages,
  SentFiles,
  type FileBatch,
  type FilePlace,
  type SentFile,
  type Upload,
} from '../src/index.ts';
import { NumberRows } from './number-rows.ts';
import { ANN, startReplica, type Replica } from './replica.ts';
import { finished, send, start } from './sending.ts';

let replica: Replica;
let files: SentFiles;

beforeAll(async () => {
  replica = await startReplica([NumberRows]);
  files = replica.get(SentFiles);
});
afterAll(() => replica.stop());

function fileOf({ id, length, lines }: Upload): SentFile {
  return { upload_id: id, length, lines };
}

async function batchesOf(file: SentFile, from: FilePlace = BEGINNING, tenant = ANN.tenant) {
  const batches: FileBatch[] = [];
  for await (const batch of files.batches(file, 'csv', from, { tenant })) batches.push(batch);
  return batches;
}

const rowsOf = (batches: readonly FileBatch[]) => batches.flatMap(({ rows }) => rows);

/** A table of which no cut falls between lines, in parts. */
function table(rows: number, partLength: number): string[] {
  const text = `name,"la\nbel"\n${Array.from({ length: rows }, (_, i) => `ü${i},"😀\n${i}"\n`).join('')}`;
  const parts: string[] = [];
  for (let at = 0; at < text.length; at += partLength) parts.push(text.slice(at, at + partLength));
  // As callers have to: no part ends inside a surrogate pair.
  for (const [index, part] of parts.entries())
    if (!part.isWellFormed() && /[\ud800-\udbff]$/.test(part)) {
      parts[index + 1] = part.at(-1)! + parts[index + 1]!;
      parts[index] = part.slice(0, -1);
    }
  return parts;
}

describe('a file', () => {
  it('is read in batches of rows, wherever it was cut', async () => {
    const parts = table(1_300, 4_001);
    const upload = await send(replica, parts);
    const batches = await batchesOf(fileOf(upload));
    expect(rowsOf(batches)).toHaveLength(1_300);
    expect(rowsOf(batches).at(-1)).toEqual({ line: 2_601, cells: ['ü1299', '😀\n1299'] });
    expect(batches.at(-1)!.place).toEqual({
      offset: upload.length,
      line: upload.lines + 1,
      columns: ['name', 'la\nbel'],
    });
    expect(Math.max(...batches.map(({ rows }) => rows.length))).toBeLessThanOrEqual(500);
  });

  it('can be read on from the place after any batch, without what lies before it', async () => {
    const file = fileOf(await send(replica, table(900, 3_001)));
    const all = await batchesOf(file);
    const rows = rowsOf(all);
    let seen = 0;
    let left = await partsOf(file);
    for (const { rows: read, place } of all) {
      seen += read.length;
      await replica.write(() => files.dropBefore(file, place));
      expect(rowsOf(await batchesOf(file, place))).toEqual(rows.slice(seen));
      expect(await partsOf(file)).toBeLessThanOrEqual(left);
      left = await partsOf(file);
    }
    expect(seen).toBe(900);
    expect(left).toBe(0);
  });

  it('is not taken for read if a part of it is missing', async () => {
    const file = fileOf(await send(replica, ['a\n1\n', '2\n', '3\n']));
    await replica.write(
      () => replica.database.sql`
      delete from upload_parts where upload_id = ${file.upload_id} and part = 3`,
    );
    await expect(batchesOf(file)).rejects.toThrow('part of the file is missing');
  });

  it('is not seen by other tenants', async () => {
    const file = fileOf(await send(replica, ['a\n1\n']));
    await expect(batchesOf(file, BEGINNING, 'umbrella')).rejects.toThrow('part of the file is missing');
  });
});

async function partsOf({ upload_id }: SentFile): Promise<number> {
  const rows = await replica.write(
    () => replica.database.sql`select from upload_parts where upload_id = ${upload_id}`,
  );
  return rows.length;
}

describe('an operation on a file', () => {
  it('that is interrupted after every batch reads every row once, and uses the parts up', async () => {
    const numbering = replica.get(NumberRows);
    numbering.read.length = 0;
    const parts = ['a,b\n', '1,2\n3,4\n', '"5,6\n7', ',8'];
    const upload = await send(replica, parts);
    const { operation_id } = await start(replica, upload);
    expect(await finished(replica, operation_id)).toMatchObject({
      status: 'succeeded',
      progress: { done: 5, total: 5 },
      result: { rows: 4, columns: ['a', 'b'] },
    });
    expect(numbering.read).toEqual([1, 2, 4]);
    expect(await partsOf(fileOf(upload))).toBe(0);
    expect(await rejections(operation_id, 0, 10)).toEqual([
      { line: 4, reason: expect.stringContaining('never closed') },
    ]);
  });

  it('fails if the header names no columns', async () => {
    const { operation_id } = await start(replica, await send(replica, ['a,a\n1,2']));
    expect(await finished(replica, operation_id)).toMatchObject({
      status: 'failed',
      error: { code: 'file_header_invalid', error: expect.stringContaining('Line 1') },
    });
  });
});

function rejections(operationId: string, afterLine: number, limit: number, tenant = ANN.tenant) {
  return replica.database.read({ tenant }, () => files.rejections(operationId, afterLine, limit));
}

describe('rejections', () => {
  const of = (first: number, last: number) =>
    Array.from({ length: last - first + 1 }, (_, index) => ({
      line: first + index,
      reason: `${first + index}`,
    }));

  it('are kept up to a number, and read in pages', async () => {
    const { operation_id } = await start(replica, await send(replica, ['a\n1']));
    for (const batch of [of(1, 9_000), [], of(9_001, 10_500), of(10_501, 10_502)])
      await replica.write(() => files.addRejections(operation_id, batch));
    expect(await rejections(operation_id, 0, 2)).toEqual(of(1, 2));
    expect(await rejections(operation_id, 9_998, 100)).toEqual(of(9_999, 10_000));
    expect(await rejections(operation_id, 0, 2, 'umbrella')).toEqual([]);
  });

  it('are shown in pages to whoever has started the operation, and to nobody else', async () => {
    const { operation_id } = await start(replica, await send(replica, ['a\n1']));
    await replica.write(() => files.addRejections(operation_id, of(1, 2_500)));
    const page = async (afterLine: string, principal = ANN) => {
      const text = await replica.database.read({ tenant: principal.tenant }, () =>
        replica
          .get(RejectionPages)
          .read(principal, operation_id, afterLine, (id, line) => `files://${id}/${line}`),
      );
      return text === undefined ? undefined : (JSON.parse(text) as unknown);
    };
    expect(await page('0')).toEqual({
      rejections: of(1, 1_000),
      next_uri: `files://${operation_id}/1000`,
    });
    expect(await page('1499')).toEqual({
      rejections: of(1_500, 2_499),
      next_uri: `files://${operation_id}/2499`,
    });
    expect(await page('1500')).toEqual({ rejections: of(1_501, 2_500) });
    expect(await page('999999999')).toEqual({ rejections: [] });
    for (const line of ['', '-1', '1.5', 'x', '1000000000']) expect(await page(line)).toBeUndefined();
    for (const other of [{ subject: 'bob' }, { client: 'other' }, { tenant: 'umbrella' }])
      await expect(page('0', { ...ANN, ...other })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('can be stored whatever they quote', async () => {
    const { operation_id } = await start(replica, await send(replica, ['a\n1']));
    await replica.write(() =>
      files.addRejections(operation_id, [{ line: 1, reason: `\0\ud800${'😀'.repeat(400)}` }]),
    );
    const [stored] = await rejections(operation_id, 0, 1);
    expect(stored!.reason).toMatch(/^\uFFFD\uFFFD😀+…$/u);
  });
});
