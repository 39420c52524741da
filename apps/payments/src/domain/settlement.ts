import { isCurrency, minorUnits, type Money } from '@gantry/money';
import { holdsCardNumber } from './card-number.ts';
import type { PostingKind } from './posting.ts';

/** Most lines of a settlement report that are compared at once. */
export const MAX_SETTLEMENT_LINES = 1_000_000;

/** The columns of Stripe's report "Itemized balance change from activity" that are read. It has many more. */
export const SETTLEMENT_COLUMNS = [
  'reporting_category',
  'payment_intent_id',
  'source_id',
  'gross',
  'currency',
] as const;

type Column = (typeof SETTLEMENT_COLUMNS)[number];

/** Money that moved at the provider; the amount is negative where it went the other way than its kind says. */
export interface ProviderMovement extends Money {
  readonly kind: PostingKind;
  /** What the provider calls it: the id of an intent or a refund. */
  readonly reference: string;
}

type SettlementLine =
  { readonly movement: ProviderMovement } | { readonly ignored: string } | { readonly flaw: string };

/** What the categories of the report are in the ledger, and which way their money goes. Others are not in the ledger. */
const CATEGORIES: Readonly<Record<string, { kind: PostingKind; sign: 1 | -1 }>> = {
  charge: { kind: 'capture', sign: 1 },
  // What was held and not captured.
  partial_capture_reversal: { kind: 'capture', sign: 1 },
  refund: { kind: 'refund', sign: -1 },
  refund_failure: { kind: 'refund_failed', sign: 1 },
};

const CATEGORY = /^[a-z][a-z_]{0,49}$/;

const MAX_REFERENCE = 255;

/** Those of {@link SETTLEMENT_COLUMNS} that a header does not name. */
export function missingColumns(names: readonly string[]): Column[] {
  return SETTLEMENT_COLUMNS.filter((column) => !names.includes(column));
}

/** A row of a report, as far as it could be read as a row. */
type Row = { readonly line: number } & (
  { readonly cells: readonly (string | null)[] } | { readonly flaw: string } | { readonly value: unknown }
);

/** What some lines of a report say. */
export interface SettlementLines {
  readonly movements: readonly ProviderMovement[];
  /** The categories of lines that are about nothing that the ledger has. */
  readonly ignored: readonly string[];
  /** Lines that cannot be read, and why: never in words of the file. */
  readonly rejections: readonly { readonly line: number; readonly reason: string }[];
}

/**
 * Reads lines of a report, whatever the order of its columns.
 *
 * @param columns - all that the header names; none of {@link SETTLEMENT_COLUMNS} is missing
 */
export function readSettlement(columns: readonly string[], rows: readonly Row[]): SettlementLines {
  const movements: ProviderMovement[] = [];
  const ignored: string[] = [];
  const rejections: { line: number; reason: string }[] = [];
  const at = Object.fromEntries(SETTLEMENT_COLUMNS.map((column) => [column, columns.indexOf(column)]));
  for (const row of rows) {
    const read = readRow(row, at as Record<Column, number>, columns.length);
    if ('movement' in read) movements.push(read.movement);
    else if ('ignored' in read) ignored.push(read.ignored);
    else rejections.push({ line: row.line, reason: read.flaw });
  }
  return { movements, ignored, rejections };
}

function readRow(row: Row, at: Readonly<Record<Column, number>>, width: number): SettlementLine {
  if (!('cells' in row)) return { flaw: 'flaw' in row ? row.flaw : 'is not CSV' };
  const { cells } = row;
  if (cells.length !== width) return { flaw: `has ${cells.length} cells; the header has ${width}` };
  const cell = (column: Column) => cells[at[column]] ?? '';
  const category = cell('reporting_category');
  if (!CATEGORY.test(category)) return { flaw: 'reporting_category is no category' };
  if (!Object.hasOwn(CATEGORIES, category)) return { ignored: category };
  const { kind, sign } = CATEGORIES[category]!;
  const currency = cell('currency').toUpperCase();
  if (!isCurrency(currency)) return { flaw: 'currency is none of ISO 4217 that can be paid in' };
  const gross = minorUnits(cell('gross'), currency);
  if (gross === undefined) return { flaw: `gross is no amount of ${currency}` };
  // A charge without an intent was not made here: the ledger will not know it.
  const reference = (kind === 'capture' && cell('payment_intent_id')) || cell('source_id');
  if (reference === '') return { flaw: 'source_id is empty' };
  if (reference.length > MAX_REFERENCE || holdsCardNumber(reference))
    return { flaw: `the id of the ${category} is none of the provider` };
  return { movement: { kind, reference, currency, amount: gross === 0 ? 0 : sign * gross } };
}
