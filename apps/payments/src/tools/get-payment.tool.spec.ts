import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { key, TEN } from '../../test/examples.ts';
import { startPayments, type RunningPayments } from '../../test/running-payments.ts';

let the: RunningPayments;
beforeAll(async () => {
  the = await startPayments();
}, 60_000);
afterAll(() => the?.stop());

describe('get_payment', () => {
  it('shows how a payment stands, and who asked for it', async () => {
    const payment = await the.make('authorize_payment');
    const { output } = await the.call('get_payment', { payment_id: payment.id });
    expect(output).toEqual({ ...payment, created_by: { subject: 'ada', client: 'tests' } });
  });

  it('shows what is under way', async () => {
    the.simulator.faults.plan({ kind: 'rate_limited', count: 3, retryAfterSeconds: 0 });
    const { error } = await the.call('process_payment', { ...TEN, idempotency_key: key() });
    const { output } = await the.call('get_payment', { payment_id: error!.details!['payment_id'] });
    expect(output).toMatchObject({ state: 'processing', under_way: 'process' });
  });

  it('knows no payment that is not there', async () => {
    const { error } = await the.call('get_payment', { payment_id: 'pay_00000000000000000000000000' });
    expect(error).toMatchObject({
      code: 'payment_not_found',
      hint: expect.stringContaining('list_payments'),
    });
  });
});
