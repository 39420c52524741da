import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { key } from '../../test/examples.ts';
import { startPayments, type RunningPayments } from '../../test/running-payments.ts';

let the: RunningPayments;
beforeAll(async () => {
  the = await startPayments();
}, 60_000);
afterAll(() => the?.stop());

describe('list_ledger_entries', () => {
  it('shows both sides of every movement, the latest first, in pages', async () => {
    const { id } = await the.make('process_payment');
    await the.call('refund_payment', { payment_id: id, amount: 300, idempotency_key: key() });
    const all = await the.call('list_ledger_entries', { payment_id: id });
    const sides = (items: Record<string, unknown>[]) =>
      items.map(({ kind, account, direction, amount }) => [kind, account, direction, amount]);
    expect(sides(all.output['items'])).toEqual([
      ['refund', 'provider_clearing', 'credit', 300],
      ['refund', 'merchant_balance', 'debit', 300],
      ['capture', 'merchant_balance', 'credit', 1_000],
      ['capture', 'provider_clearing', 'debit', 1_000],
    ]);
    const query = { payment_id: id, account: 'merchant_balance', currency: 'EUR', limit: 1 };
    const first = await the.call('list_ledger_entries', query);
    const rest = await the.call('list_ledger_entries', { ...query, cursor: first.output['next_cursor'] });
    expect(sides([...first.output['items'], ...rest.output['items']])).toEqual([
      ['refund', 'merchant_balance', 'debit', 300],
      ['capture', 'merchant_balance', 'credit', 1_000],
    ]);
    expect(rest.output).toMatchObject({ has_more: false });
  });
});
