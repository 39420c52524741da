import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { key } from '../../test/examples.ts';
import { startPayments, type RunningPayments } from '../../test/running-payments.ts';

let the: RunningPayments;
beforeAll(async () => {
  the = await startPayments();
}, 60_000);
afterAll(() => the?.stop());

const capture = (payment_id: string, amount?: number) =>
  the.call('capture_payment', { payment_id, amount, idempotency_key: key() });

describe('capture_payment', () => {
  it('takes all that is held', async () => {
    const { id } = await the.make('authorize_payment');
    expect((await capture(id)).output).toMatchObject({ state: 'captured', amount_captured: 1_000 });
  });

  it('takes a part, once, and lets the rest go', async () => {
    const { id } = await the.make('authorize_payment');
    expect((await capture(id, 1_001)).error).toMatchObject({
      code: 'amount_exceeds_authorized',
      details: { capturable: 1_000 },
    });
    expect((await capture(id, 700)).output).toMatchObject({
      state: 'captured',
      amount_authorized: 1_000,
      amount_captured: 700,
    });
    expect((await capture(id, 300)).error).toMatchObject({ code: 'payment_not_capturable' });
  });

  it('gives a refusal again, even when it would no longer be one', async () => {
    const { id } = await the.make('process_payment');
    const args = { payment_id: id, idempotency_key: key() };
    const { error } = await the.call('capture_payment', args);
    expect(error).toMatchObject({
      code: 'payment_not_capturable',
      hint: expect.stringContaining('refund_payment'),
    });
    expect(await the.call('capture_payment', args)).toMatchObject({
      error,
      meta: { idempotent_replay: true },
    });
  });

  it('knows no payment that is not there', async () => {
    expect((await capture('pay_00000000000000000000000000')).error).toMatchObject({
      code: 'payment_not_found',
    });
  });

  it('finds out that the provider has let the money go', async () => {
    const { id } = await the.make('authorize_payment');
    await the.cancelAtProvider(id);
    expect((await capture(id)).error).toMatchObject({
      code: 'payment_not_capturable',
      details: { state: 'cancelled' },
    });
    expect((await the.call('get_payment', { payment_id: id })).output).toMatchObject({ state: 'cancelled' });
  });
});
