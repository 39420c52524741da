import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { key } from '../../test/examples.ts';
import { startPayments, type RunningPayments } from '../../test/running-payments.ts';

let the: RunningPayments;
beforeAll(async () => {
  the = await startPayments();
}, 60_000);
afterAll(() => the?.stop());

describe('get_balance', () => {
  it('tells what was taken less what was given back, by currency', async () => {
    const { id } = await the.make('process_payment');
    await the.make('process_payment', { currency: 'JPY', amount: 500 });
    await the.make('authorize_payment', { currency: 'USD' });
    await the.call('refund_payment', { payment_id: id, amount: 300, idempotency_key: key() });
    const { output } = await the.call('get_balance', {});
    const figures = (account: string, currency: string, balance: string) =>
      expect.objectContaining({ account, currency, balance });
    expect(output['balances']).toEqual([
      figures('merchant_balance', 'EUR', '700'),
      figures('provider_clearing', 'EUR', '700'),
      figures('merchant_balance', 'JPY', '500'),
      figures('provider_clearing', 'JPY', '500'),
    ]);
    const { output: one } = await the.call('get_balance', { currency: 'EUR', account: 'merchant_balance' });
    expect(one['balances']).toEqual([
      { account: 'merchant_balance', currency: 'EUR', balance: '700', debits: '300', credits: '1000' },
    ]);
  });
});
