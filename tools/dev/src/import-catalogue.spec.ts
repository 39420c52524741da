import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { importCatalogue } from './import-catalogue.ts';
import type { CallTool } from './tool-request.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gantry-import-'));
});

afterEach(() => rm(directory, { recursive: true }));

async function fileOf(content: string | Buffer, name = 'products.csv'): Promise<string> {
  const file = join(directory, name);
  await writeFile(file, content);
  return file;
}

interface Part {
  content: string;
  part: number;
  last: boolean;
  upload_id?: string;
  idempotency_key: string;
}

const ALL_TAKEN = {
  status: 'succeeded',
  result: { created: 2, updated: 1, unchanged: 0, rejected: 0, rejections: [] },
};

/** As much of orders as an import meets. The operation is still running when it is first asked for. */
function orders(end: object = ALL_TAKEN): { call: CallTool; parts: Part[] } {
  const parts: Part[] = [];
  const looks = [
    { status: 'running', progress: { message: '1 of 3 lines read' } },
    { progress: {}, ...end },
  ];
  const call: CallTool = async (tool, args) => {
    if (tool === 'check_operation_status') {
      expect(args).toEqual({ operation_id: 'op_1' });
      return { poll_after_seconds: 0, ...looks.shift() };
    }
    expect(tool).toBe('import_catalogue');
    parts.push(args as unknown as Part);
    if (!args['last']) return { upload: { upload_id: 'upl_1' } };
    return { operation: { operation_id: 'op_1', status: 'queued', progress: {}, poll_after_seconds: 0 } };
  };
  return { call, parts };
}

/** Imports a file, and returns what was written. */
async function importing(file: string | undefined, call: CallTool, kind: string | undefined = 'products') {
  let shown = '';
  await importCatalogue({ kind, file }, call, (text) => (shown += text));
  return shown;
}

describe('importCatalogue', () => {
  it('sends a small file with one call, and tells how it went', async () => {
    const { call, parts } = orders();
    const file = await fileOf('sku,name\nA,Tea\n');
    expect(await importing(file, call)).toBe(
      `Sending ${file} … sent.\n1 of 3 lines read\nDone: 2 products created, 1 updated, 0 unchanged, 0 rejected.\n`,
    );
    expect(parts).toEqual([
      {
        ...{ kind: 'products', format: 'csv', content: 'sku,name\nA,Tea\n', part: 1, last: true },
        idempotency_key: expect.stringMatching(/-part-1$/),
      },
    ]);
  });

  it('sends a large file in parts that fit a request, cut between characters', async () => {
    const { call, parts } = orders();
    const text = 'Crème brûlée ☕ 🫖 "à la carte"\n'.repeat(40_000);
    await importing(await fileOf(text, 'products.ndjson'), call);
    expect(parts.map(({ content }) => content).join('')).toBe(text);
    expect(parts.map(({ part, last, upload_id }) => [part, last, upload_id])).toEqual([
      [1, false, undefined],
      [2, false, 'upl_1'],
      [3, false, 'upl_1'],
      [4, true, 'upl_1'],
    ]);
    expect(new Set(parts.map(({ idempotency_key }) => idempotency_key)).size).toBe(4);
    for (const part of parts) {
      expect(Buffer.byteLength(JSON.stringify(part))).toBeLessThan(1_000_000);
      expect(part.content.isWellFormed()).toBe(true);
    }
  });

  it('is another import each time', async () => {
    const [first, second] = [orders(), orders()];
    const file = await fileOf('{}', 'customers.jsonl');
    await importing(file, first.call, 'customers');
    await importing(file, second.call, 'customers');
    expect(first.parts[0]).toMatchObject({ kind: 'customers', format: 'ndjson' });
    expect(first.parts[0]?.idempotency_key).not.toBe(second.parts[0]?.idempotency_key);
  });

  it('ends with the lines that were rejected, however many took place', async () => {
    const rejections = [
      { line: 3, reason: 'unit_price: has more decimals than EUR' },
      { line: 7, reason: 'sku: is missing' },
    ];
    const result = {
      created: 1,
      updated: 0,
      unchanged: 0,
      rejected: 5,
      rejections,
      rejections_uri: 'orders://all',
    };
    const { call } = orders({ status: 'succeeded', result });
    await expect(importing(await fileOf('x'), call)).rejects.toThrow(
      'These lines were rejected:\n  line 3: unit_price: has more decimals than EUR\n  line 7: sku: is missing\n  and 3 more: orders://all',
    );
  });

  it.each([
    [{ status: 'failed', error: { error: 'The header names no column sku.' } }, 'names no column sku'],
    [{ status: 'cancelled' }, 'was cancelled'],
  ])('tells that an import did not end well: %j', async (end, message) => {
    const { call } = orders(end);
    await expect(importing(await fileOf('x'), call)).rejects.toThrow(message);
  });

  it.each([
    ['an empty file', '', 'is empty'],
    ['what is no text', Buffer.from([0x61, 0xff, 0x62]), 'cannot be read as UTF-8'],
    ['what ends in the middle of a character', Buffer.from('☕').subarray(0, 2), 'cannot be read as UTF-8'],
  ])('does not import %s', async (_what, content, message) => {
    const { call, parts } = orders();
    await expect(importing(await fileOf(content), call)).rejects.toThrow(message);
    expect(parts.filter(({ last }) => last)).toEqual([]);
  });

  it.each([
    ['no file', undefined, 'products'],
    ['a format of its own', 'catalogue.xlsx', 'products'],
    ['another kind', 'catalogue.csv', 'suppliers'],
  ])('says how it is called to one who named %s', async (_what, file, kind) => {
    await expect(importing(file, orders().call, kind)).rejects.toThrow('make import-catalogue FILE=');
  });

  it('names a file that is not there', async () => {
    const missing = join(directory, 'missing.csv');
    await expect(importing(missing, orders().call)).rejects.toThrow(missing);
  });
});
