import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Shop } from '../../test/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
}, 60_000);
afterAll(() => shop?.close());

describe('get_product', () => {
  it('shows a product by id and SKU, with what can be ordered of it', async () => {
    const { id } = await shop.product(10, { sku: 'NW/1 b', name: 'Chai', category: 'Beverages' });
    await shop.place({ lines: [{ product_id: id, quantity: 4 }] });
    for (const product of [id, 'NW/1 b'])
      expect((await shop.call('get_product', { product })).output).toEqual({
        id,
        sku: 'NW/1 b',
        name: 'Chai',
        category: 'Beverages',
        unit_price: 1800,
        currency: 'EUR',
        is_active: true,
        available: 6,
        on_hand: 10,
        reserved: 4,
        created_at: expect.any(String),
        updated_at: expect.any(String),
      });
  });

  it('knows none of another tenant', async () => {
    const { id } = await shop.product(10);
    const token = await shop.running.token({ tenant: 'globex' });
    const { error } = await shop.call('get_product', { product: id }, { token });
    expect(error).toMatchObject({
      code: 'product_not_found',
      hint: expect.stringMatching(/search_products/),
    });
    expect((await shop.call('get_product', { product: 'nothing' })).error?.code).toBe('product_not_found');
  });

  it.each(['', ' x', 'x\ny', 'x'.repeat(65)])('refuses the name "%s"', async (product) => {
    expect((await shop.call('get_product', { product })).error?.code).toBe('validation_error');
  });
});
