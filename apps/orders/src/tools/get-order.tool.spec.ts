import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Shop } from '../../test/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
}, 60_000);
afterAll(() => shop?.close());

describe('get_order', () => {
  it('shows an order as it was placed', async () => {
    const placed = await shop.place();
    expect(await shop.look(placed['id'])).toEqual(placed);
  });

  it('shows what has become of it', async () => {
    expect(await shop.look(await shop.orderThatIs('payment_failed'))).toMatchObject({
      state: 'payment_failed',
      payment_attempt: 1,
      payment_error: 'card_declined',
      reserved_until: expect.any(String),
    });
    const paid = await shop.look(await shop.orderThatIs('paid'));
    expect(paid).toMatchObject({ payment_id: `pay_of_${paid['id']}`, paid_at: expect.any(String) });
    expect(paid).not.toHaveProperty('reserved_until');
  });

  it('knows no order that is not there, nor one of another tenant', async () => {
    const { id: order_id } = await shop.place();
    const token = await shop.running.token({ tenant: 'globex' });
    const replies = [
      await shop.call('get_order', { order_id: 'ord_00000000000000000000000000' }),
      await shop.call('get_order', { order_id }, { token }),
    ];
    for (const { error } of replies)
      expect(error).toMatchObject({ code: 'order_not_found', hint: expect.stringContaining('list_orders') });
  });
});
