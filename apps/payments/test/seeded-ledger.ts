import { createHash } from 'node:crypto';
import postgres from 'postgres';

/** Every how many payments there is something else than a charge. */
const PARTIAL = 7;
const REFUND = 10;
const FAILURE = 100;

/** A ledger with many movements, as if there had been years of business, and what the provider reports of it. */
export interface SeededLedger {
  /** Of captures, refunds and failed refunds. */
  readonly movements: number;
  /** Of all of it in minor units of EUR. */
  readonly sum: number;
  /** The lines of the report for one payment after the other; a payment has one or some. */
  readonly report: readonly (readonly string[])[];
}

/** Columns of the report. */
export const HEADER = 'created_utc,currency,gross,reporting_category,source_id,payment_intent_id';

/**
 * Writes movements straight into the tables of the tenant `acme`. What the triggers check is right by construction; with
 * them it would take an hour for a million.
 */
export async function seedLedger(databaseUrl: string, payments: number): Promise<SeededLedger> {
  const superuser = new URL(process.env['GANTRY_TEST_POSTGRES_URL']!);
  superuser.pathname = new URL(databaseUrl).pathname;
  const sql = postgres(superuser.href, { max: 1, onnotice: () => {} });
  try {
    await sql`set session_replication_role = replica`;
    await sql`set synchronous_commit = off`;
    await sql.unsafe(SEED.replaceAll('$payments', String(payments)));
    await sql`analyze`;
  } finally {
    await sql.end();
  }
  return reportOf(payments);
}

function reportOf(payments: number): SeededLedger {
  let [movements, sum] = [0, 0];
  const report = Array.from({ length: payments }, (_, index) => {
    const n = index + 1;
    const lines = [line('charge', amountOf(n) + (n % PARTIAL === 0 ? 50 : 0), id('ch', n), n)];
    if (n % PARTIAL === 0) lines.push(line('partial_capture_reversal', -50, id('ch', n), n));
    if (n % REFUND === 0) lines.push(line('refund', -100, id('re', n), n));
    if (n % FAILURE === 0) lines.push(line('refund_failure', 100, id('re', n), n));
    movements += 1 + (n % REFUND === 0 ? 1 : 0) + (n % FAILURE === 0 ? 1 : 0);
    sum += amountOf(n) - (n % REFUND === 0 ? 100 : 0) + (n % FAILURE === 0 ? 100 : 0);
    return lines;
  });
  return { movements, sum, report };
}

function line(category: string, amount: number, source: string, n: number): string {
  return `2026-11-01 00:00:00,eur,${(amount / 100).toFixed(2)},${category},${source},${id('pi', n)}`;
}

function amountOf(n: number): number {
  return 1_000 + (n % 1_000);
}

/** In no order, like those of a provider; without digits, of which a hash may have as many in a row as a card. */
function id(prefix: string, n: number): string {
  const hash = createHash('md5').update(String(n)).digest('hex');
  return `${prefix}_${hash.replace(/\d/g, (digit) => 'ghijklmnop'[Number(digit)]!)}`;
}

const SEED = `
  insert into payments (
    tenant_id, id, state, amount, currency, amount_authorized, amount_captured, amount_refunded, capture_method,
    payment_method, provider_intent_id, created_by_subject, created_by_client
  )
  select
    'acme', 'pay_' || lpad(n::text, 26, '0'), 'captured', 5000, 'EUR', 5000, 1000 + n % 1000,
    case when n % ${REFUND} = 0 and n % ${FAILURE} <> 0 then 100 else 0 end, 'manual', 'pm_card_visa',
    'pi_' || translate(md5(n::text), '0123456789', 'ghijklmnop'), 'ada', 'tests'
  from generate_series(1, $payments) as n;

  insert into payment_operations (
    tenant_id, id, payment_id, kind, subject, client, tool, idempotency_key, fingerprint, request_id, amount, phase,
    provider_reference, answer, finished_at
  )
  select
    'acme', 'pop_' || lpad((2 * n + refund)::text, 26, '0'), 'pay_' || lpad(n::text, 26, '0'),
    case refund when 0 then 'process' else 'refund' end, 'ada', 'tests', 'seed', 'seeded ' || (2 * n + refund),
    sha256('x'), 'req_1', 100, 'finished', case refund when 0 then 'pi_' else 're_' end || translate(md5(n::text), '0123456789', 'ghijklmnop'), '{}', now()
  from generate_series(1, $payments) as n, generate_series(0, 1) as refund
  where refund = 0 or n % ${REFUND} = 0;

  insert into ledger_transactions (tenant_id, id, kind, operation_id, payment_id, lines, posted_at)
  select
    'acme', 'ltx_' || lpad((4 * n + what)::text, 26, '0'), (array['capture', 'refund', 'refund_failed'])[what + 1],
    'pop_' || lpad((2 * n + case what when 0 then 0 else 1 end)::text, 26, '0'),
    'pay_' || lpad(n::text, 26, '0'), 2, '2026-11-01'::timestamptz + n * interval '1 second'
  from generate_series(1, $payments) as n, generate_series(0, 2) as what
  where what = 0 or (what = 1 and n % ${REFUND} = 0) or (what = 2 and n % ${FAILURE} = 0);

  insert into ledger_entries (tenant_id, transaction_id, line, account, direction, amount, currency)
  select
    'acme', 'ltx_' || lpad((4 * n + what)::text, 26, '0'), side,
    case when (what = 1) = (side = 1) then 'merchant_balance' else 'provider_clearing' end,
    case side when 1 then 'debit' else 'credit' end, case what when 0 then 1000 + n % 1000 else 100 end, 'EUR'
  from generate_series(1, $payments) as n, generate_series(0, 2) as what, generate_series(1, 2) as side
  where what = 0 or (what = 1 and n % ${REFUND} = 0) or (what = 2 and n % ${FAILURE} = 0);
`;
