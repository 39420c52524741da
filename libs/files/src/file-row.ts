import { parse, type CsvError } from 'csv-parse/sync';
import { MAX_RECORD_LENGTH, type FileText } from './file-text.ts';
import type { FileFormat } from './file-format.ts';
import type { JsonValue } from './json-value.ts';

/** Text of a cell; null where nothing stands between two commas, not even quotes. */
export type CsvCell = string | null;

/** A record of a file, and the line it begins on. */
export type FileRow = { readonly line: number } & (
  | { readonly value: JsonValue }
  | { readonly cells: readonly CsvCell[] }
  /** It cannot be read, and why. */
  | { readonly flaw: string }
);

const TOO_LONG = `is longer than ${MAX_RECORD_LENGTH} characters`;

/** Reads the next record; `undefined` if its end has not arrived, or nothing is left. Blank lines are passed over. */
export function nextRow(text: FileText, format: FileFormat): FileRow | undefined {
  for (;;) {
    const { line } = text.place;
    const length = text.lineEnd();
    if (text.isSkipping || (length ?? text.ahead) > MAX_RECORD_LENGTH) {
      return text.skipLine() ? { line, flaw: TOO_LONG } : undefined;
    }
    if (length === undefined) return undefined;
    if (text.peek(0, length).trim() === '') text.takeLines(length);
    else return format === 'csv' ? nextCsvRow(text, length) : { line, ...parseJson(text.takeLines(length)) };
  }
}

function parseJson(text: string): { value: JsonValue } | { flaw: string } {
  try {
    return { value: JSON.parse(text) as JsonValue };
  } catch (error) {
    return { flaw: `is not JSON: ${(error as SyntaxError).message}` };
  }
}

/**
 * Inside quotes a line break belongs to the cell, so a record goes on for as long as its quotes are not even. If that
 * makes no sense, one quote is wrong: only the line it begins on is given up, and what follows is read anew. The lines
 * between two odd ones are all even, so nothing is read more than twice.
 */
function nextCsvRow(text: FileText, firstLine: number): FileRow | undefined {
  const { line } = text.place;
  let length = firstLine;
  let lines = 1;
  let isOpen = hasOddQuotes(text.peek(0, length));
  while (isOpen && length <= MAX_RECORD_LENGTH) {
    const end = text.lineEnd(length);
    if (end === undefined) {
      if (!text.ended && text.ahead <= MAX_RECORD_LENGTH) return undefined;
      break;
    }
    if (hasOddQuotes(text.peek(length, end))) isOpen = false;
    length = end;
    lines++;
  }
  const read = parseCsv(text.peek(0, isOpen ? firstLine : length));
  if ('flaw' in read) text.takeLines(firstLine);
  else text.takeLines(length, lines);
  return { line, ...read };
}

function hasOddQuotes(text: string): boolean {
  let isOdd = false;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) isOdd = !isOdd;
  return isOdd;
}

const FLAWS: Record<string, string> = {
  CSV_QUOTE_NOT_CLOSED: 'opens a quote that is never closed',
  CSV_INVALID_CLOSING_QUOTE: 'has text after a closing quote; inside quotes, a quote is written twice',
  INVALID_OPENING_QUOTE:
    'has a quote inside an unquoted cell; put the whole cell into quotes and write the quote twice',
};

function parseCsv(text: string): { cells: CsvCell[] } | { flaw: string } {
  try {
    const [cells] = parse(text, {
      relaxColumnCount: true,
      recordDelimiter: ['\r\n', '\n'],
      cast: (cell, { quoting }) => (cell === '' && !quoting ? null : cell),
    }) as unknown as [CsvCell[]];
    return { cells };
  } catch (error) {
    return { flaw: FLAWS[(error as CsvError).code] ?? 'is not CSV' };
  }
}
