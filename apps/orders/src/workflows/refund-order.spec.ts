import { businessError, sharedError } from '@gantry/errors';
import { Metrics } from '@gantry/observability';
import { metricValue } from '@gantry/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { attemptAtJob, ScriptedMarket } from '../../test/scripted-market.ts';
import { RefundOrder } from './refund-order.ts';

let market: ScriptedMarket;
beforeAll(async () => {
  market = await ScriptedMarket.open();
}, 60_000);
afterAll(() => market?.close());

/** An order that was paid and cancelled; the job for its refund waits for a server that is away. */
async function cancelled(): Promise<string> {
  market.payments.answers(sharedError('dependency_unavailable', 'Away.', { retryAfterSeconds: 600 }));
  const id = await market.shop.orderThatIs('paid');
  await market.shop.call('cancel_order', { order_id: id, reason: 'changed my mind' });
  return id;
}

const refund = (order_id: string) => market.shop.get(RefundOrder).handle({ order_id }, attemptAtJob());
const refundState = async (id: string) => (await market.shop.look(id))['refund_state'] as string;
const refundable = (amount: number) =>
  businessError('payment_not_refundable', 'No.', 'No.', { details: { refundable: amount } });

describe('the refund of an order', () => {
  it('is asked for by a key that is made of the order', async () => {
    const id = await cancelled();
    market.payments.answers(ScriptedMarket.captured({ amount_refunded: 3_600 }));
    await refund(id);
    expect(market.payments.asked.at(-1)).toEqual({
      tool: 'refund_payment',
      args: { payment_id: `pay_of_${id}`, idempotency_key: `refund-${id}` },
    });
    expect(await refundState(id)).toBe('refunded');
    market.payments.answers(sharedError('internal_error', 'Not to be asked.'));
    await refund(id);
    expect(market.payments.asked).toEqual([]);
  });

  it.each([
    ['failed at the bank', businessError('refund_failed', 'No.', 'No.'), 'failed'],
    ['is of a payment that took no money', businessError('payment_not_refundable', 'No.', 'No.'), 'failed'],
    ['was given by hand', refundable(0), 'refunded'],
  ])('that %s ends', async (_, refusal, ending) => {
    const id = await cancelled();
    market.payments.answers(refusal);
    const counted = () =>
      metricValue(market.shop.get(Metrics).registry, 'mcp_order_refunds_total', { outcome: ending });
    const before = (await counted())!;
    await refund(id);
    expect(await refundState(id)).toBe(ending);
    // By the job of the order as well, if that came first.
    expect(await counted()).toBeGreaterThan(before);
  });

  it.each([
    ['nobody has said what became of it', 'reset' as const],
    ['payments is away', sharedError('dependency_unavailable', 'Away.', { retryAfterSeconds: 600 })],
    [
      'something else is done with the payment',
      businessError('payment_busy', 'No.', 'No.', { retryable: true }),
    ],
    ['this service may not', sharedError('permission_denied', 'No.')],
  ])('is tried again if %s', async (_, answer) => {
    const id = await cancelled();
    market.payments.answers(answer);
    await expect(refund(id)).rejects.toMatchObject({ isFinal: false });
    expect(await refundState(id)).toBe('pending');
  });
});
