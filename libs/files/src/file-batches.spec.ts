import { describe, expect, it } from '@jest/globals';
import { BATCH_ROWS, fileBatches, type FileBatch } from './file-batches.ts';
import { BEGINNING, type FilePlace } from './file-place.ts';
import type { FileFormat } from './file-format.ts';

async function* from(parts: readonly string[]) {
  yield* parts;
}

async function batchesOf(format: FileFormat, parts: string[], place: FilePlace = BEGINNING) {
  const batches: FileBatch[] = [];
  for await (const batch of fileBatches(from(parts), format, place)) batches.push(batch);
  return batches;
}

const csv = `name,"la\nbel"\n${Array.from({ length: 1_300 }, (_, i) => `ü${i},"😀\n${i}"\n`).join('')}\n\n`;

describe('batches of a file', () => {
  it('have a bounded number of rows and end with the part', async () => {
    const batches = await batchesOf('ndjson', ['1\n'.repeat(BATCH_ROWS + 1), '2\n'.repeat(3), '\n\n']);
    expect(batches.map(({ rows }) => rows.length)).toEqual([BATCH_ROWS, 1, 3, 0]);
    expect(batches.at(-1)?.place).toEqual({ offset: 2 * BATCH_ROWS + 10, line: BATCH_ROWS + 7 });
  });

  it('can be read on from the place after any of them', async () => {
    const all = await batchesOf('csv', [csv]);
    const rows = all.flatMap((batch) => batch.rows);
    expect(rows).toHaveLength(1_300);
    expect(rows[1_299]).toEqual({ line: 2_601, cells: ['ü1299', '😀\n1299'] });
    expect(all.at(-1)?.place).toEqual({ offset: csv.length, line: 2_605, columns: ['name', 'la\nbel'] });
    let seen = 0;
    for (const { rows: read, place } of all) {
      seen += read.length;
      const rest = await batchesOf('csv', [csv.slice(place.offset)], place);
      expect(rest.flatMap((batch) => batch.rows)).toEqual(rows.slice(seen));
    }
  });

  it('of an empty file are none', async () => {
    expect(await batchesOf('ndjson', [])).toEqual([]);
  });
});

describe('the header of a CSV file', () => {
  it('is no row', async () => {
    expect(await batchesOf('csv', ['\n\na,b\n'])).toEqual([
      { rows: [], place: { offset: 6, line: 4, columns: ['a', 'b'] } },
    ]);
  });

  it.each([
    ['a,"b', 'never closed'],
    ['a,,b', 'without a name'],
  ])('must be one: %s', async (header, flaw) => {
    await expect(batchesOf('csv', ['\n', header])).rejects.toMatchObject({
      code: 'file_header_invalid',
      message: expect.stringMatching(new RegExp(`^Line 2 .*${flaw}`)),
    });
  });
});
