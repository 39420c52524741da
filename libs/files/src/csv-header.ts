import type { CsvCell } from './file-row.ts';

/** More columns than a table can sensibly have. */
export const MAX_COLUMNS = 1_000;

/** What is wrong with the first record of a file, which names the columns; `undefined` if nothing is. */
export function headerFlaw(cells: readonly CsvCell[]): string | undefined {
  if (cells.length > MAX_COLUMNS) return `has more than ${MAX_COLUMNS} columns`;
  if (cells.some((cell) => !cell)) return 'has a column without a name';
  const repeated = cells.find((cell, index) => cells.indexOf(cell) < index);
  return repeated ? `names the column "${repeated}" twice` : undefined;
}
