import type { Money } from '@gantry/money';

/**
 * The accounts every tenant has. Only money that moved is posted: an authorization reserves it at the customer's
 * bank, moves nothing and may lapse, so it is on the payment and not in the ledger.
 */
export const ACCOUNTS = {
  /** What the provider has taken for the merchant and still has to pay out. An asset: grows by debits. */
  provider_clearing: 'debit',
  /** What the merchant is owed of it. A liability: grows by credits. */
  merchant_balance: 'credit',
} as const satisfies Record<string, EntryDirection>;

/** Which side of an account an entry is on. */
export type EntryDirection = 'debit' | 'credit';

/** Name of an account. */
export type Account = keyof typeof ACCOUNTS;

/** All accounts. */
export const ACCOUNT_NAMES = Object.keys(ACCOUNTS) as readonly Account[];

/** What moved the money. */
export const POSTING_KINDS = ['capture', 'refund', 'refund_failed'] as const;

/** One of {@link POSTING_KINDS}. */
export type PostingKind = (typeof POSTING_KINDS)[number];

/** One side of a movement. */
export interface Entry extends Money {
  readonly account: Account;
  readonly direction: EntryDirection;
}

/** A movement of money as the ledger takes it: entries that add up to nothing, per currency. */
export interface Posting {
  readonly kind: PostingKind;
  readonly entries: readonly Entry[];
}

/** Money was taken from the customer. */
export function capturePosting(money: Money): Posting {
  return { kind: 'capture', entries: movement('provider_clearing', 'merchant_balance', money) };
}

/** Money was given back to the customer. */
export function refundPosting(money: Money): Posting {
  return { kind: 'refund', entries: movement('merchant_balance', 'provider_clearing', money) };
}

/** A refund did not arrive: the customer's bank sent it back to the provider. */
export function refundFailedPosting(money: Money): Posting {
  return { kind: 'refund_failed', entries: movement('provider_clearing', 'merchant_balance', money) };
}

function movement(debited: Account, credited: Account, { amount, currency }: Money): readonly Entry[] {
  return [
    { account: debited, direction: 'debit', amount, currency },
    { account: credited, direction: 'credit', amount, currency },
  ];
}

/** Everything that was ever posted to an account in one currency. `bigint`: history outgrows a number. */
export interface AccountTotals {
  readonly account: Account;
  readonly currency: string;
  readonly debits: bigint;
  readonly credits: bigint;
}

/** What an account holds, in minor units: positive on the side on which it grows. */
export function balanceOf({ account, debits, credits }: AccountTotals): bigint {
  return ACCOUNTS[account] === 'debit' ? debits - credits : credits - debits;
}
