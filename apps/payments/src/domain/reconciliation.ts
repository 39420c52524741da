import { businessError, type GantryError } from '@gantry/errors';
import type { PostingKind } from './posting.ts';
import { MAX_SETTLEMENT_LINES, SETTLEMENT_COLUMNS } from './settlement.ts';

/** How the ledger and the provider's report differ about a movement. */
export const FINDINGS = ['missing_in_ledger', 'missing_at_provider', 'different'] as const;

/** One of {@link FINDINGS}. */
export type Finding = (typeof FINDINGS)[number];

/** A movement on one side, in minor units; as text, because lines of a report add up to more than a number holds. */
export interface SideAmount {
  readonly amount: string;
  /** Null if the lines of the report are of several currencies. */
  readonly currency: string | null;
}

/** A movement that is not the same on both sides. */
export interface Difference {
  /** From 1, in the order in which they were found. */
  readonly number: number;
  readonly finding: Finding;
  readonly kind: PostingKind;
  /** What the provider calls it. */
  readonly reference: string | null;
  readonly payment_id: string | null;
  readonly ledger: SideAmount | null;
  readonly provider: SideAmount | null;
}

/** From the first moment on, up to but without the second; ISO 8601. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/** A report is larger than what is compared at once. */
export function fileTooLong(): GantryError {
  return businessError(
    'file_too_long',
    `The file has more than ${MAX_SETTLEMENT_LINES.toLocaleString('en')} lines.`,
    'Ask the provider for a shorter period, for example a day, and reconcile one period after the other.',
    { details: { max_lines: MAX_SETTLEMENT_LINES } },
  );
}

/** The header of a report does not name what has to be read. */
export function columnsMissing(missing: readonly string[]): GantryError {
  return businessError(
    'file_header_invalid',
    `The header of the file does not name ${missing.join(', ')}; nothing was compared.`,
    `Send the report "Itemized balance change from activity" with the columns ${SETTLEMENT_COLUMNS.join(', ')}; others do no harm.`,
    { details: { missing_columns: missing } },
  );
}
