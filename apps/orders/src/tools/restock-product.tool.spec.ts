import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { key, Shop } from '../../test/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
}, 60_000);
afterAll(() => shop?.close());

const restock = (product: string, args: Record<string, unknown>, token?: string) =>
  shop.call('restock_product', { product, idempotency_key: key(), ...args }, token ? { token } : {});

describe('restock_product', () => {
  it('adds pieces, once per key', async () => {
    const { id, sku } = await shop.product(5);
    const args = { quantity: 7, idempotency_key: key() };
    expect((await restock(sku, args)).output).toMatchObject({ id, on_hand: 12, available: 12 });
    const again = await restock(sku, args);
    expect(again.output).toMatchObject({ on_hand: 12 });
    expect(again.meta).toMatchObject({ idempotent_replay: true });
    expect(await shop.stockOf({ id })).toEqual([12, 0]);
  });

  it('sets right what was counted, but for what is promised', async () => {
    const { id, sku } = await shop.product(5);
    await shop.place({ lines: [{ product_id: id, quantity: 4 }] });
    const missing = (pieces: number) => restock(id, { quantity: -pieces, correction: true });
    expect((await missing(2)).error).toMatchObject({
      code: 'insufficient_stock',
      details: { products: [{ product_id: id, sku, wanted: 2, available: 1 }] },
    });
    expect((await missing(1)).output).toMatchObject({ on_hand: 4, available: 0 });
    expect((await restock(id, { quantity: 3, correction: true })).output).toMatchObject({ on_hand: 7 });
  });

  it.each([
    { quantity: 0 },
    { quantity: -1 },
    { quantity: 0, correction: true },
    { quantity: 1.5 },
    { quantity: 1_000_001 },
    { quantity: '5' },
  ])('refuses %j', async (args) => {
    const { id } = await shop.product(5);
    expect((await restock(id, args)).error?.code).toBe('validation_error');
    expect(await shop.stockOf({ id })).toEqual([5, 0]);
  });

  it('is for administrators, and for products that there are', async () => {
    const { id } = await shop.product(5);
    const token = await shop.running.token({ scopes: ['orders:write'] });
    expect((await restock(id, { quantity: 1 }, token)).status).toBe(403);
    const other = await shop.running.token({ tenant: 'globex' });
    expect((await restock(id, { quantity: 1 }, other)).error?.code).toBe('product_not_found');
    expect(await shop.stockOf({ id })).toEqual([5, 0]);
  });
});
