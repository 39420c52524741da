import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { key } from '../../test/examples.ts';
import { startPayments, type RunningPayments } from '../../test/running-payments.ts';

let the: RunningPayments;
beforeAll(async () => {
  the = await startPayments();
}, 60_000);
afterAll(() => the?.stop());

const refund = (payment_id: string, amount?: number) =>
  the.call('refund_payment', { payment_id, amount, idempotency_key: key() });

describe('refund_payment', () => {
  it('gives money back in parts, never more than was taken', async () => {
    const { id } = await the.make('process_payment');
    expect((await refund(id, 300)).output).toMatchObject({ amount_refunded: 300, state: 'captured' });
    expect((await refund(id, 701)).error).toMatchObject({
      code: 'amount_exceeds_captured',
      details: { refundable: 700 },
    });
    expect((await refund(id)).output).toMatchObject({ amount_refunded: 1_000 });
    expect((await refund(id)).error).toMatchObject({ code: 'payment_not_refundable' });
  });

  it('gives nothing back that was not taken', async () => {
    const { id } = await the.make('authorize_payment');
    expect((await refund(id)).error).toMatchObject({ code: 'payment_not_refundable' });
  });

  it('of several at once never gives back more than was taken', async () => {
    const { id } = await the.make('process_payment');
    const replies = await Promise.all(Array.from({ length: 8 }, () => refund(id, 400)));
    const refused = replies.flatMap(({ error }) => (error ? [error.code] : []));
    for (const code of refused) expect(['payment_busy', 'amount_exceeds_captured']).toContain(code);
    const { output } = await the.call('get_payment', { payment_id: id });
    expect(output.amount_refunded).toBe(400 * (replies.length - refused.length));
    expect(output.amount_refunded).toBeLessThanOrEqual(800);
  });
});
