import type { FileRow, Rejection } from '@gantry/files';
import type { z } from 'zod';
import { catalogueColumnsInvalid } from '../domain/catalogue-refusals.ts';

/** What is wrong with a row that its rejection names. */
const NAMED_ISSUES = 3;

/** What rows say, and what is wrong with those that say nothing. */
export interface ReadRows<Entry> {
  readonly entries: readonly Entry[];
  readonly rejections: readonly Rejection[];
}

/**
 * Reads rows of a file.
 *
 * @param columns - of a CSV file
 */
export function readRows<Entry>(
  rows: readonly FileRow[],
  columns: readonly string[],
  schema: z.ZodType<Entry>,
): ReadRows<Entry> {
  const entries: Entry[] = [];
  const rejections: Rejection[] = [];
  for (const row of rows) {
    const value = 'cells' in row ? valueOf(row.cells, columns) : row;
    if ('flaw' in value) {
      rejections.push({ line: row.line, reason: value.flaw });
      continue;
    }
    const read = schema.safeParse(value.value);
    if (read.success) entries.push(read.data);
    else rejections.push({ line: row.line, reason: reasonOf(read.error) });
  }
  return { entries, rejections };
}

function valueOf(
  cells: readonly unknown[],
  columns: readonly string[],
): { value: object } | { flaw: string } {
  if (cells.length !== columns.length)
    return { flaw: `has ${cells.length} cells; the header has ${columns.length}` };
  return { value: Object.fromEntries(columns.map((column, index) => [column, cells[index]])) };
}

function reasonOf({ issues }: z.ZodError): string {
  const named = issues
    .slice(0, NAMED_ISSUES)
    .map(({ path, message }) => `${path.join('.')} ${message}`.trim());
  const more = issues.length - named.length;
  return named.join('; ') + (more > 0 ? `; and ${more} more` : '');
}

/**
 * The columns of a CSV file have to be those of its kind.
 *
 * @throws GantryError `catalogue_columns_invalid`
 */
export function expectColumns(columns: readonly string[], known: object, required: readonly string[]): void {
  const unknown = columns.filter((column) => !Object.hasOwn(known, column));
  const missing = required.filter((column) => !columns.includes(column));
  if (unknown.length > 0 || missing.length > 0)
    throw catalogueColumnsInvalid(Object.keys(known), unknown, missing);
}
