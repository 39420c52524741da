import { Log, Metrics, registerLookedUpGauge } from '@gantry/observability';
import { Database, type Sql } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';

/** By then jobs have tried many times: what is still open is for people. */
const PATIENCE_MINUTES = 30;

/** More of a kind are not counted. */
const MOST = 1_000;

/** A scrape waits no longer. */
const LOOK_MS = 1_000;

/** Shows operators what neither calls nor jobs have brought to an end: money, receipts and stock that somebody waits for. */
@Injectable()
export class OverdueWork {
  constructor(database: Database, metrics: Metrics, log: Log) {
    registerLookedUpGauge(metrics, log, {
      name: 'mcp_overdue_work',
      help: 'Work of all tenants that should long have been done, by kind; at most 1000 of each are counted.',
      label: 'kind',
      lookUp: async () => {
        const found = await database.inspect(overdue, LOOK_MS);
        return found.map(({ kind, count }) => [kind, count] as const);
      },
    });
  }
}

/** Attempts to pay that wait for somebody's approval are asked for all the while, so they are not among them. */
function overdue(sql: Sql) {
  const patience = sql`make_interval(mins => ${PATIENCE_MINUTES})`;
  return sql<{ kind: string; count: number }[]>`
    select 'payment_attempt' as kind, count(*)::int from unfinished_payment_attempts(${patience}, ${MOST})
    union all
    select 'receipt', count(*)::int from orders_without_receipt(${patience}, ${MOST})
    union all
    select 'refund', count(*)::int from orders_to_refund(${patience}, ${MOST})
    union all
    select 'reservation', count(*)::int from expired_orders(${MOST})`;
}
