import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Shop } from '../../test/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
}, 60_000);
afterAll(() => shop?.close());

const ship = (order_id: string, how: object = {}) => shop.call('ship_order', { order_id, ...how });

describe('ship_order', () => {
  it('sends a paid order: its stock has left', async () => {
    const id = await shop.orderThatIs('paid');
    const [{ product_id }] = (await shop.look(id))['lines'];
    const { output } = await ship(id, { carrier: 'DHL', tracking_number: '00340' });
    expect(output).toMatchObject({
      state: 'shipped',
      carrier: 'DHL',
      tracking_number: '00340',
    });
    expect(await shop.look(id)).toMatchObject({ ...output, shipped_at: output['updated_at'] });
    expect(await shop.stockOf({ id: product_id })).toEqual([8, 0]);
  });

  it('notes that it has arrived, and that changes no stock', async () => {
    const id = await shop.orderThatIs('shipped');
    const [{ product_id }] = (await shop.look(id))['lines'];
    const { output } = await ship(id, { delivered: true });
    expect(output).toMatchObject({ state: 'delivered' });
    expect(await shop.look(id)).toMatchObject({ ...output, delivered_at: output['updated_at'] });
    expect(await shop.stockOf({ id: product_id })).toEqual([8, 0]);
  });

  it.each([
    ['placed', 'pay_order'],
    ['payment_failed', 'pay_order'],
    ['shipped', 'delivered true'],
    ['delivered', 'return_order'],
    ['cancelled', 'create_order'],
    ['returned', 'create_order'],
  ])('refuses an order that is %s, and says what to do', async (state, instead) => {
    const { error } = await ship(await shop.orderThatIs(state));
    expect(error).toMatchObject({
      code: 'order_not_shippable',
      details: { state },
      hint: expect.stringContaining(instead),
    });
  });

  it.each(['placed', 'paid', 'delivered', 'cancelled'])(
    'has nothing that could arrive of an order that is %s',
    async (state) => {
      const { error } = await ship(await shop.orderThatIs(state), { delivered: true });
      expect(error).toMatchObject({ code: 'order_not_deliverable', details: { state } });
    },
  );

  it('waits for a payment that is under way', async () => {
    const id = await shop.orderThatIs('payment_pending');
    expect((await ship(id)).error).toMatchObject({ code: 'order_payment_pending', retryable: true });
  });

  it('takes the parcel when it is sent, not when it arrives', async () => {
    const id = await shop.orderThatIs('shipped');
    const { error } = await ship(id, { delivered: true, carrier: 'DHL' });
    expect(error).toMatchObject({ code: 'validation_error' });
  });

  it('sends once of two who want it at once', async () => {
    const id = await shop.orderThatIs('paid');
    const [{ product_id }] = (await shop.look(id))['lines'];
    const replies = await Promise.all([ship(id), ship(id)]);
    expect(replies.filter(({ output }) => output)).toHaveLength(1);
    expect(await shop.stockOf({ id: product_id })).toEqual([8, 0]);
  });
});
