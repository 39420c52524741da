import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import type { Difference, Period } from '../domain/reconciliation.ts';
import type { ProviderMovement } from '../domain/settlement.ts';
import type { Sums } from '../domain/settlement-tally.ts';

/** How far a comparison is, in the order in which it goes; the beginning is left out. */
export type ComparePosition = readonly [string, string];

/** A step of a comparison. */
export interface CompareStep {
  readonly operationId: string;
  readonly after: ComparePosition | undefined;
  /** Differences that were found before. */
  readonly known: number;
  /** Movements to look at. */
  readonly limit: number;
}

/** What the movements of the ledger in a step have come to. */
export interface LedgerFindings {
  readonly looked: number;
  readonly missing: number;
  /** Of those that are missing at the provider. */
  readonly sums: Sums;
  /** None if nothing is left. */
  readonly last: ComparePosition | null;
}

/** What the movements of the report in a step have come to. */
export interface ReportFindings {
  readonly matched: number;
  readonly different: number;
  readonly missing: number;
  /** Of the report. */
  readonly lines: number;
  /** Of what the ledger has for them. */
  readonly sums: Sums;
  /** None if nothing is left. */
  readonly last: ComparePosition | null;
}

/** The tables of reconciliations, in the current unit of work. */
@Injectable()
export class ReconciliationStore {
  constructor(private readonly database: Database) {}

  /** Begins the reconciliation of an operation. */
  async insert(operationId: string, { from, to }: Period, keepUntil: string): Promise<void> {
    await this.database.sql`
      insert into reconciliations (operation_id, period_from, period_to, expires_at)
      values (${operationId}, ${from}, ${to}, ${keepUntil})`;
  }

  /** Adds what lines of the report say to what the lines before have said of the same movements. */
  async stage(operationId: string, movements: readonly ProviderMovement[]): Promise<void> {
    await this.database.sql`
      insert into reconciliation_movements as staged (operation_id, kind, reference, amount, currency, lines)
      select
        ${operationId}, kind, reference, sum(amount), case when min(currency) = max(currency) then min(currency) end,
        count(*)
      from json_to_recordset(${JSON.stringify(movements)}::text::json)
        as line (kind text, reference text, amount bigint, currency text)
      group by kind, reference
      on conflict (tenant_id, operation_id, kind, reference) do update set
        amount = staged.amount + excluded.amount,
        currency = case when staged.currency = excluded.currency then staged.currency end,
        lines = staged.lines + excluded.lines`;
  }

  /**
   * Looks for the next movements of the ledger in a period in the report, by the time of posting, and notes which are
   * not there. `lateral … limit 1` wherever something is looked up: by an index, once for each movement, whatever the
   * statistics of tables that have just been filled say.
   */
  async compareLedger({ from, to }: Period, step: CompareStep): Promise<LedgerFindings> {
    const { sql } = this.database;
    const { operationId, after, known, limit } = step;
    const [findings] = await sql<[LedgerFindings]>`
      with batch as materialized (
        select id, posted_at from ledger_transactions
        where posted_at >= ${from} and posted_at < ${to}
          ${after ? sql`and (posted_at, id) > (${after[0]}::timestamptz, ${after[1]})` : sql``}
        order by posted_at, id
        limit ${limit}
      ),
      missing as materialized (
        select batch.id, batch.posted_at, moved.*
        from batch
        cross join lateral (
          select kind, reference, payment_id, amount, currency from provider_movements
          where transaction_id = batch.id
          limit 1
        ) as moved
        left join lateral (
          select true as is_there from reconciliation_movements as staged
          where staged.operation_id = ${operationId} and staged.kind = moved.kind
            and staged.reference = moved.reference
          limit 1
        ) as report on true
        where is_there is null
      ),
      noted as (
        insert into reconciliation_differences (
          operation_id, number, finding, kind, reference, payment_id, ledger_amount, ledger_currency
        )
        select
          ${operationId}, ${known} + row_number() over (order by posted_at, id), 'missing_at_provider', kind,
          reference, payment_id, amount, currency
        from missing
      ),
      sums as (
        select currency, sum(case kind when 'refund' then -amount else amount end)::text as amount
        from missing
        group by currency
      )
      select
        (select count(*)::integer from batch) as looked,
        (select count(*)::integer from missing) as missing,
        (select coalesce(json_object_agg(currency, amount), '{}') from sums) as sums,
        (select json_build_array(posted_at, id) from batch order by posted_at desc, id desc limit 1) as last`;
    return findings;
  }

  /** Takes the next movements of the report and compares each with the ledger, whenever that was posted. */
  async compareReport({ operationId, after, known, limit }: CompareStep): Promise<ReportFindings> {
    const { sql } = this.database;
    const [findings] = await sql<[ReportFindings]>`
      with next as materialized (
        select kind, reference from reconciliation_movements
        where operation_id = ${operationId} and (kind, reference) > (${after?.[0] ?? ''}, ${after?.[1] ?? ''})
        order by kind, reference
        limit ${limit}
      ),
      taken as materialized (
        -- A range of the primary key: of all ways to name rows, the one that needs no statistics to be fast.
        delete from reconciliation_movements
        where operation_id = ${operationId} and (kind, reference) > (${after?.[0] ?? ''}, ${after?.[1] ?? ''})
          and (kind, reference) <= (select kind, reference from next order by kind desc, reference desc limit 1)
        returning kind, reference, amount, currency, lines
      ),
      compared as materialized (
        select
          taken.*, moved.payment_id, moved.amount as ledger_amount, moved.currency as ledger_currency,
          case
            when moved.payment_id is null then 'missing_in_ledger'
            when (moved.amount, moved.currency) is distinct from (taken.amount, taken.currency) then 'different'
            else 'matched'
          end as finding
        from taken
        left join lateral (
          select payment_id, amount, currency from provider_movements as ledger
          where ledger.kind = taken.kind and ledger.reference = taken.reference
          limit 1
        ) as moved on true
      ),
      noted as (
        insert into reconciliation_differences (
          operation_id, number, finding, kind, reference, payment_id, ledger_amount, ledger_currency,
          provider_amount, provider_currency
        )
        select
          ${operationId}, ${known} + row_number() over (order by kind, reference), finding, kind, reference,
          payment_id, ledger_amount, ledger_currency, amount, currency
        from compared
        where finding <> 'matched'
      ),
      sums as (
        select ledger_currency as currency,
          sum(case kind when 'refund' then -ledger_amount else ledger_amount end)::text as amount
        from compared
        where ledger_currency is not null
        group by ledger_currency
      )
      select
        count(*) filter (where finding = 'matched')::integer as matched,
        count(*) filter (where finding = 'different')::integer as different,
        count(*) filter (where finding = 'missing_in_ledger')::integer as missing,
        coalesce(sum(lines), 0)::integer as lines,
        (select coalesce(json_object_agg(currency, amount), '{}') from sums) as sums,
        (select json_build_array(kind, reference) from compared order by kind desc, reference desc limit 1) as last
      from compared`;
    return findings;
  }

  /** What differs, in the order in which it was found, after the one with a number. */
  async differences(operationId: string, after: number, limit: number): Promise<Difference[]> {
    return this.database.sql<Difference[]>`
      select
        number, finding, kind, reference, payment_id,
        case when ledger_amount is not null
          then json_build_object('amount', ledger_amount::text, 'currency', ledger_currency) end as ledger,
        case when provider_amount is not null
          then json_build_object('amount', provider_amount::text, 'currency', provider_currency) end as provider
      from reconciliation_differences
      where operation_id = ${operationId} and number > ${after}
      order by number
      limit ${limit}`;
  }

  /**
   * Deletes a bounded part of what has expired, of any tenant.
   *
   * @returns whether there was anything
   */
  async purge(rows: number): Promise<boolean> {
    const [row] = await this.database.sql<[{ purged: boolean }]>`
      select purge_expired_reconciliation(${rows}) as purged`;
    return row.purged;
  }
}
