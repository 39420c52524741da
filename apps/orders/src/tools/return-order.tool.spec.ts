import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Shop } from '../../test/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
}, 60_000);
afterAll(() => shop?.close());

const takeBack = (order_id: string) => shop.call('return_order', { order_id, reason: 'too small' });

describe('return_order', () => {
  it.each(['shipped', 'delivered'])('takes an order back that is %s, with stock and money', async (state) => {
    const id = await shop.orderThatIs(state);
    const [{ product_id }] = (await shop.look(id))['lines'];
    expect(await shop.stockOf({ id: product_id })).toEqual([8, 0]);
    const { output } = await takeBack(id);
    expect(output).toMatchObject({
      state: 'returned',
      return_reason: 'too small',
      refund_state: 'pending',
    });
    expect(await shop.look(id)).toMatchObject({ ...output, returned_at: output['updated_at'] });
    expect(await shop.stockOf({ id: product_id })).toEqual([10, 0]);
    expect(await shop.refundsAskedFor(id)).toBe(1);
  });

  it('puts back a product that stands on several lines', async () => {
    const product = await shop.product(10);
    const line = { product_id: product.id, quantity: 2 };
    const { id } = (await shop.place({ lines: [line, line] })) as { id: string };
    await shop.pay(id);
    await shop.call('ship_order', { order_id: id });
    expect(await shop.stockOf(product)).toEqual([6, 0]);
    await takeBack(id);
    expect(await shop.stockOf(product)).toEqual([10, 0]);
  });

  it.each([
    ['placed', 'cancel_order'],
    ['paid', 'cancel_order'],
    ['cancelled', 'create_order'],
    ['returned', 'create_order'],
  ])('refuses an order that is %s, and says what to do', async (state, instead) => {
    expect((await takeBack(await shop.orderThatIs(state))).error).toMatchObject({
      code: 'order_not_returnable',
      details: { state },
      hint: expect.stringContaining(instead),
    });
  });
});
