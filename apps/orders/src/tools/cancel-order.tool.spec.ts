import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OrderPayments } from '../desk/order-payments.ts';
import { key, Shop } from '../../test/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
}, 60_000);
afterAll(() => shop?.close());

const cancel = (order_id: string, reason = 'changed my mind') =>
  shop.call('cancel_order', { order_id, reason });

describe('cancel_order', () => {
  it.each(['placed', 'payment_failed'])(
    'calls off an order that is %s, and lets its stock go',
    async (state) => {
      const id = await shop.orderThatIs(state);
      const [{ product_id }] = (await shop.look(id))['lines'];
      expect(await shop.stockOf({ id: product_id })).toEqual([10, 2]);
      const { output } = await cancel(id);
      expect(output).toMatchObject({ id, state: 'cancelled', cancel_reason: 'changed my mind' });
      expect(output).not.toHaveProperty('refund_state');
      expect(await shop.look(id)).toMatchObject({ ...output, cancelled_at: output['updated_at'] });
      expect(await shop.stockOf({ id: product_id })).toEqual([10, 0]);
      expect(await shop.refundsAskedFor(id)).toBe(0);
    },
  );

  it('gives back what was paid, and says when it is done', async () => {
    const id = await shop.orderThatIs('paid');
    expect((await cancel(id)).output).toMatchObject({ state: 'cancelled', refund_state: 'pending' });
    expect(await shop.refundsAskedFor(id)).toBe(1);
    const payments = shop.get(OrderPayments);
    for (const _ of ['told', 'told again'])
      await shop.write(() => payments.refundSettled(shop.tenant, id, 'refunded'));
    expect(await shop.look(id)).toMatchObject({ refund_state: 'refunded', payment_id: `pay_of_${id}` });
  });

  it('waits for a payment that is under way', async () => {
    const id = await shop.orderThatIs('payment_pending');
    expect((await cancel(id)).error).toMatchObject({
      code: 'order_payment_pending',
      retryable: true,
      retry_after_seconds: 10,
      hint: expect.stringContaining('get_order'),
    });
    await shop.write(() => shop.get(OrderPayments).failed(shop.tenant, id, 1, 'card_declined'));
    expect((await cancel(id)).output).toMatchObject({ state: 'cancelled' });
  });

  it.each([
    ['shipped', 'return_order'],
    ['delivered', 'return_order'],
    ['cancelled', 'create_order'],
    ['returned', 'create_order'],
  ])('refuses an order that is %s, and says what to do', async (state, instead) => {
    expect((await cancel(await shop.orderThatIs(state))).error).toMatchObject({
      code: 'order_not_cancellable',
      details: { state },
      hint: expect.stringContaining(instead),
    });
  });

  it('gives the answer again for a key that it knows, and nobody else’s stock', async () => {
    const id = await shop.orderThatIs('placed');
    const args = { order_id: id, reason: 'twice', idempotency_key: key() };
    const { output } = await shop.call('cancel_order', args);
    expect(await shop.call('cancel_order', args)).toMatchObject({
      output,
      meta: { idempotent_replay: true },
    });
  });

  it('is done once of two who want it at once', async () => {
    const id = await shop.orderThatIs('paid');
    const replies = await Promise.all([cancel(id, 'one'), cancel(id, 'other')]);
    expect(replies.filter(({ output }) => output)).toHaveLength(1);
    expect(await shop.refundsAskedFor(id)).toBe(1);
  });

  it('knows no order that is not there, nor one of another tenant', async () => {
    const id = await shop.orderThatIs('placed');
    const token = await shop.running.token({ tenant: 'globex' });
    const theirs = await shop.call('cancel_order', { order_id: id, reason: 'mine' }, { token });
    expect(theirs.error).toMatchObject({ code: 'order_not_found' });
    expect((await cancel('ord_00000000000000000000000000')).error).toMatchObject({ code: 'order_not_found' });
  });
});
