import { businessError, type GantryError } from '@gantry/errors';
import { headerFlaw } from './csv-header.ts';
import type { FileFormat } from './file-format.ts';
import type { FilePlace } from './file-place.ts';
import { nextRow, type FileRow } from './file-row.ts';
import { FileText } from './file-text.ts';

/** Rows that are worked on together: few enough to take well under a second. */
export const BATCH_ROWS = 500;

/** Some rows of a file, and the place after them. */
export interface FileBatch {
  /** 500 at most; none, if there were only blank lines or the header. */
  readonly rows: readonly FileRow[];
  readonly place: FilePlace;
}

/**
 * Reads a file from a place on, with no more than a part and the rows of a batch in memory.
 *
 * @param parts - the text from that place on, cut anywhere
 * @throws GantryError `file_header_invalid`
 */
export async function* fileBatches(
  parts: AsyncIterable<string>,
  format: FileFormat,
  { columns, ...from }: FilePlace,
): AsyncGenerator<FileBatch> {
  const text = new FileText(from);
  let done = from.offset;

  function* batches(): Generator<FileBatch> {
    for (;;) {
      const rows: FileRow[] = [];
      let row: FileRow | undefined;
      while (rows.length < BATCH_ROWS && (row = nextRow(text, format))) {
        if (format === 'csv' && !columns) columns = columnsOf(row);
        else rows.push(row);
      }
      // Blank lines are no rows, but they have been read.
      if (text.place.offset > done) yield { rows, place: { ...text.place, ...(columns && { columns }) } };
      done = text.place.offset;
      if (!row) return;
    }
  }

  for await (const part of parts) {
    text.append(part);
    yield* batches();
  }
  text.end();
  yield* batches();
}

function columnsOf(header: FileRow): string[] {
  const cells = 'cells' in header ? header.cells : [];
  const flaw = 'flaw' in header ? header.flaw : headerFlaw(cells);
  if (flaw) throw headerInvalid(header.line, flaw);
  return cells as string[];
}

function headerInvalid(line: number, flaw: string): GantryError {
  return businessError(
    'file_header_invalid',
    `Line ${line} should name the columns but ${flaw}; nothing was taken from the file.`,
    'Correct the header and send the file again.',
  );
}
