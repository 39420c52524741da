import { waitFor } from '@gantry/testing';
import { key, TEN } from './examples.ts';
import { startPayments, type RunningPayments } from './running-payments.ts';

/** A service that has taken money and given some back, and what the provider reports of it. */
export interface SettledPayments {
  readonly the: RunningPayments;
  readonly report: string;
}

/** How the reconciliation of {@link SettledPayments} ends. */
export const ALL_MATCHED = {
  lines: 7,
  matched: 6,
  missing_in_ledger: 0,
  missing_at_provider: 0,
  different: 0,
  ignored: 0,
  ignored_categories: {},
  rejected: 0,
  differences: [],
  rejections: [],
};

/** Starts the service, and lets payments happen; one refund comes back. */
export async function startSettled(): Promise<SettledPayments> {
  const the = await startPayments();
  await live(the);
  the.simulator.failRefund(the.simulator.effects({ kind: 'refunded' })[0]!.id);
  await the.simulator.webhooks.release();
  await waitFor(async () => {
    const { output } = await the.call('list_ledger_entries', {});
    return (output['items'] as { kind: string }[]).some(({ kind }) => kind === 'refund_failed');
  }, 20_000);
  return { the, report: the.simulator.settlementCsv() };
}

/** Captures in three currencies, one of them in part, two refunds, and payments that take no money. */
export async function live(the: RunningPayments, token?: string): Promise<void> {
  const as = token === undefined ? {} : { token };
  const call = async (tool: string, args: object) => {
    const { output, text } = await the.call(tool, { ...args, idempotency_key: key() }, as);
    if (!output) throw new Error(text);
    return output.id;
  };
  const payment_id = await call('process_payment', TEN);
  for (const amount of [300, 200]) await call('refund_payment', { payment_id, amount });
  await call('process_payment', { ...TEN, currency: 'JPY' });
  const held = await call('authorize_payment', { ...TEN, currency: 'KWD', amount: 5_000 });
  await call('capture_payment', { payment_id: held, amount: 1_230 });
  await call('authorize_payment', TEN);
  await the.call(
    'process_payment',
    { ...TEN, payment_method: 'pm_card_chargeDeclined', idempotency_key: key() },
    as,
  );
}
