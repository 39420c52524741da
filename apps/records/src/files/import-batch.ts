import { businessError, type GantryError } from '@gantry/errors';
import { headerFlaw } from './csv-document.ts';
import type { FileFormat } from '../domain/import.ts';
import { nextRow, type ImportRow } from './import-row.ts';
import { ImportText, type TextPlace } from './import-text.ts';

/** Rows that are imported together: few enough to take well under a second. */
export const BATCH_ROWS = 500;

/** How far into a file an import is. */
export interface ImportPlace extends TextPlace {
  /** Of a CSV file, once its header has been read. */
  readonly columns?: readonly string[] | undefined;
}

/** Where every import begins. */
export const BEGINNING: ImportPlace = { offset: 0, line: 1 };

/** Some records of a file, and the place after them. */
export interface ImportBatch {
  readonly rows: readonly ImportRow[];
  readonly place: ImportPlace;
}

/**
 * Reads a file from a place on, with no more than a part and the records of a batch in memory.
 *
 * @param parts - the text from that place on, cut anywhere
 * @throws GantryError `import_header_invalid`
 */
export async function* importBatches(
  parts: AsyncIterable<string>,
  format: FileFormat,
  { columns, ...from }: ImportPlace,
): AsyncGenerator<ImportBatch> {
  const text = new ImportText(from);
  let done = from.offset;

  function* batches(): Generator<ImportBatch> {
    for (;;) {
      const rows: ImportRow[] = [];
      let row: ImportRow | undefined;
      while (rows.length < BATCH_ROWS && (row = nextRow(text, format))) {
        if (format === 'csv' && !columns) columns = columnsOf(row);
        else rows.push(row);
      }
      // Blank lines are no rows, but they have been read.
      if (text.place.offset > done) yield { rows, place: { ...text.place, columns } };
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

function columnsOf(header: ImportRow): string[] {
  const cells = 'cells' in header ? header.cells : [];
  const flaw = 'flaw' in header ? header.flaw : headerFlaw(cells);
  if (flaw) throw headerInvalid(header.line, flaw);
  return cells as string[];
}

function headerInvalid(line: number, flaw: string): GantryError {
  return businessError(
    'import_header_invalid',
    `Line ${line} should name the columns but ${flaw}; nothing was imported.`,
    'Correct the header of the file and call import_records again.',
  );
}
