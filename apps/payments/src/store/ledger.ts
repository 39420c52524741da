import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import { typeid } from 'typeid-js';
import type { Account, AccountTotals, Entry, Posting, PostingKind } from '../domain/posting.ts';

/** An entry with the movement it belongs to. */
export interface LedgerEntry extends Entry {
  /** TypeID `ltx_…`; sorts by the time of posting. */
  readonly transactionId: string;
  /** From 1, within the transaction. */
  readonly line: number;
  readonly kind: PostingKind;
  readonly operationId: string;
  readonly paymentId: string;
  /** ISO 8601, UTC. */
  readonly postedAt: string;
}

/** Where an entry stands in a list. */
export type EntryPosition = readonly [transactionId: string, line: number];

/** Which entries to list, the latest first. */
export interface EntryWindow {
  readonly account: Account | undefined;
  readonly currency: string | undefined;
  readonly paymentId: string | undefined;
  /** Entries before this one. */
  readonly before: EntryPosition | undefined;
  readonly limit: number;
}

/** Which balances to read. */
export interface BalanceQuery {
  readonly account?: Account;
  readonly currency?: string;
}

type TotalsRow = Omit<AccountTotals, 'debits' | 'credits'> & {
  readonly debits: string;
  readonly credits: string;
};

/**
 * The rows of the ledger, in the current unit of work. The database refuses to commit what is not balanced or does not
 * agree with the payment, keeps the balances itself, and lets nothing be changed.
 */
@Injectable()
export class Ledger {
  constructor(private readonly database: Database) {}

  /**
   * Posts the movement that an operation has made; the amounts of the payment change in the same unit of work. A
   * second posting of the same kind for one operation violates a constraint.
   *
   * @returns the id of the ledger transaction
   */
  async post(of: { operationId: string; paymentId: string }, { kind, entries }: Posting): Promise<string> {
    const { sql } = this.database;
    const id = typeid('ltx').toString();
    const rows = entries.map(({ account, direction, amount, currency }, index) => ({
      transaction_id: id,
      line: index + 1,
      account,
      direction,
      amount,
      currency,
    }));
    // Sent together: one round trip.
    await Promise.all([
      sql`
        insert into ledger_transactions (id, kind, operation_id, payment_id, lines)
        values (${id}, ${kind}, ${of.operationId}, ${of.paymentId}, ${rows.length})`,
      sql`insert into ledger_entries ${sql(rows)}`,
    ]);
    return id;
  }

  /** Entries, the latest first. */
  async entries({ account, currency, paymentId, before, limit }: EntryWindow): Promise<LedgerEntry[]> {
    const { sql } = this.database;
    return sql<LedgerEntry[]>`
      select
        transaction_id as "transactionId", line, kind, operation_id as "operationId", payment_id as "paymentId",
        account, direction, amount, currency, posted_at as "postedAt"
      from ledger_entries
      join ledger_transactions on ledger_transactions.tenant_id = ledger_entries.tenant_id
        and ledger_transactions.id = ledger_entries.transaction_id
      where true
        ${account === undefined ? sql`` : sql`and account = ${account}`}
        ${currency === undefined ? sql`` : sql`and currency = ${currency}`}
        ${paymentId === undefined ? sql`` : sql`and payment_id = ${paymentId}`}
        ${before === undefined ? sql`` : sql`and (transaction_id, line) < (${before[0]}, ${before[1]})`}
      order by transaction_id desc, line desc
      limit ${limit}`;
  }

  /** What accounts hold, read without their history; none for an account that nothing was ever posted to. */
  async totals({ account, currency }: BalanceQuery = {}): Promise<AccountTotals[]> {
    const { sql } = this.database;
    const rows = await sql<TotalsRow[]>`
      select account, currency, debits::text, credits::text
      from ledger_balances
      where true
        ${account === undefined ? sql`` : sql`and account = ${account}`}
        ${currency === undefined ? sql`` : sql`and currency = ${currency}`}
      order by currency, account`;
    return rows.map((row) => ({ ...row, debits: BigInt(row.debits), credits: BigInt(row.credits) }));
  }
}
