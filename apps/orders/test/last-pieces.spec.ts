import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startOrders, type RunningOrders } from './running-orders.ts';
import { key, Shop } from './shop.ts';

// Two hundred calls, all of which want the same row, on a machine that may be busy.
jest.setTimeout(120_000);

let shop: Shop;
let other: RunningOrders;
let customer_id: string;
beforeAll(async () => {
  shop = await Shop.open();
  other = await startOrders({}, shop.running);
  customer_id = (await shop.customer()).id;
});
afterAll(async () => {
  await other?.stop();
  await shop?.close();
});

/** Places orders all at once, every other one at the other replica. */
function placeAtOnce(orders: readonly object[][]) {
  return Promise.all(
    orders.map((lines, index) =>
      (index % 2 ? other : shop.running).call('create_order', { customer_id, lines, idempotency_key: key() }),
    ),
  );
}

describe('200 concurrent orders over two replicas', () => {
  it('sell the last 50 pieces of a product, no more and no fewer; everyone else is told so', async () => {
    const product = await shop.product(50);
    const wanted = Array.from({ length: 200 }, () => [{ product_id: product.id, quantity: 1 }]);
    const replies = await placeAtOnce(wanted);
    const placed = replies.filter(({ output }) => output);
    expect(placed).toHaveLength(50);
    expect(new Set(placed.map(({ output }) => output['id'])).size).toBe(50);
    const refusals = replies.flatMap(({ error }) => error ?? []);
    expect(new Set(refusals.map(({ code }) => code))).toEqual(new Set(['insufficient_stock']));
    expect(refusals[0]).toMatchObject({
      category: 'business_error',
      details: { products: [{ sku: product.sku, wanted: 1, available: 0 }] },
    });
    expect(await shop.stockOf(product)).toEqual([50, 50]);
  });

  it('never wait for each other in a circle, whatever the order of their lines', async () => {
    const products = [await shop.product(50), await shop.product(50), await shop.product(70)];
    const lines = products.map(({ id }) => ({ product_id: id, quantity: 1 }));
    const ways = [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
      [1, 0],
    ].map((way) => way.map((index) => lines[index]!));
    const replies = await placeAtOnce(Array.from({ length: 200 }, (_, index) => ways[index % 4]!));
    expect(replies.filter(({ output }) => output)).toHaveLength(50);
    expect(new Set(replies.flatMap(({ error }) => error?.code ?? []))).toEqual(
      new Set(['insufficient_stock']),
    );
    for (const product of products.slice(0, 2)) expect(await shop.stockOf(product)).toEqual([50, 50]);
    const [, reserved] = await shop.stockOf(products[2]!);
    expect(reserved).toBe(replies.filter(({ output }) => output?.['lines'].length === 3).length);
  });

  it('and what they took comes back, piece by piece, as they are called off at once', async () => {
    const product = await shop.product(20);
    const replies = await placeAtOnce(
      Array.from({ length: 30 }, () => [{ product_id: product.id, quantity: 1 }]),
    );
    const ids = replies.flatMap(({ output }) => (output?.['id'] as string | undefined) ?? []);
    const cancellations = await Promise.all(
      [...ids, ...ids].map((order_id, index) =>
        (index % 2 ? other : shop.running).call('cancel_order', { order_id, reason: 'all of it' }),
      ),
    );
    expect(cancellations.filter(({ output }) => output)).toHaveLength(20);
    expect(await shop.stockOf(product)).toEqual([20, 0]);
  });
});
