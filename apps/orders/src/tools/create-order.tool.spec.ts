import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@gantry/testing';
import { Database } from '@gantry/postgres';
import { key, Shop } from '../../test/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
}, 60_000);
afterAll(() => shop?.close());

const pricing = () => shop.running.token({ subject: 'ben', scopes: ['orders:write', 'orders:pricing'] });

async function order(lines: object[], different: object = {}, how?: { token?: string }) {
  const { id: customer_id } = await shop.customer();
  return shop.call('create_order', { customer_id, lines, idempotency_key: key(), ...different }, how);
}

describe('create_order', () => {
  it('prices lines from the catalogue and reserves their stock', async () => {
    const [tea, cake] = [await shop.product(10), await shop.product(5, { name: 'Cake', unitPrice: 250 })];
    const { id: customer_id } = await shop.customer();
    const begun = Date.now();
    const { output } = await order(
      [
        { product_id: tea.id, quantity: 3 },
        { sku: cake.sku, quantity: 1 },
      ],
      { customer_id, reference: 'PO-1' },
    );
    expect(output).toEqual({
      id: expect.stringMatching(/^ord_/),
      state: 'placed',
      customer_id,
      reference: 'PO-1',
      currency: 'EUR',
      total: 5_650,
      placed_by: { subject: 'ada', client: 'tests' },
      payment_attempt: 0,
      reserved_until: expect.any(String),
      created_at: expect.stringMatching(/^20.*Z$/),
      updated_at: output['created_at'],
      lines: [
        {
          product_id: tea.id,
          sku: tea.sku,
          name: 'Tea',
          quantity: 3,
          list_price: 1_800,
          unit_price: 1_800,
          discount_basis_points: 0,
          line_total: 5_400,
        },
        expect.objectContaining({ product_id: cake.id, name: 'Cake', line_total: 250 }),
      ],
    });
    expect(Date.parse(output['reserved_until']) - begun).toBeGreaterThan(59 * 60_000);
    expect(Date.parse(output['reserved_until']) - Date.now()).toBeLessThanOrEqual(60 * 60_000);
    expect(await shop.stockOf(tea)).toEqual([10, 3]);
    expect(await shop.stockOf(cake)).toEqual([5, 1]);
  });

  it('takes negotiated prices from who may give them, and remembers who did', async () => {
    const { id: product_id } = await shop.product(20);
    const lines = [
      { product_id, quantity: 9, unit_price: 1_860, discount_basis_points: 1_500 },
      { product_id, quantity: 1 },
    ];
    expect((await order(lines)).error).toMatchObject({
      code: 'pricing_not_permitted',
      hint: expect.stringContaining('orders:pricing'),
      details: { lines: [1], required_scopes: ['orders:pricing'] },
    });
    expect(await shop.stockOf({ id: product_id })).toEqual([20, 0]);
    const { output } = await order(lines, {}, { token: await pricing() });
    expect(output).toMatchObject({
      total: 14_229 + 1_800,
      placed_by: { subject: 'ben', client: 'tests' },
      priced_by: { subject: 'ben', client: 'tests' },
      lines: [{ list_price: 1_800, unit_price: 1_860, discount_basis_points: 1_500, line_total: 14_229 }, {}],
    });
  });

  it('never sells what is not there, and says of all products what is', async () => {
    const [scarce, gone, plenty] = [await shop.product(2), await shop.product(0), await shop.product(9)];
    const { error } = await order([
      { product_id: plenty.id, quantity: 1 },
      { product_id: scarce.id, quantity: 2 },
      { product_id: scarce.id, quantity: 1 },
      { product_id: gone.id, quantity: 1 },
    ]);
    expect(error).toMatchObject({ code: 'insufficient_stock', category: 'business_error' });
    expect(error!.details!['products']).toHaveLength(2);
    expect(error!.details!['products']).toEqual(
      expect.arrayContaining([
        { product_id: scarce.id, sku: scarce.sku, wanted: 3, available: 2 },
        { product_id: gone.id, sku: gone.sku, wanted: 1, available: 0 },
      ]),
    );
    expect(await shop.stockOf(plenty)).toEqual([9, 0]);
  });

  it('refuses what there is not, what is no longer sold and what has two currencies', async () => {
    const euro = { product_id: (await shop.product(5)).id, quantity: 1 };
    const dollar = { product_id: (await shop.product(5, { currency: 'USD' })).id, quantity: 1 };
    const retired = { sku: (await shop.product(5, { isActive: false })).sku, quantity: 1 };
    const free = { product_id: (await shop.product(5, { unitPrice: 0 })).id, quantity: 1 };
    const codeOf = async (...lines: object[]) => (await order(lines)).error!.code;
    expect(await codeOf(euro, { sku: 'no such thing', quantity: 1 })).toBe('product_not_found');
    expect(await codeOf(euro, retired)).toBe('product_not_available');
    expect(await codeOf(euro, dollar)).toBe('currency_mismatch');
    expect(await codeOf(free)).toBe('order_total_out_of_range');
    const nobody = { customer_id: 'cus_00000000000000000000000000' };
    expect((await order([euro], nobody)).error!.code).toBe('customer_not_found');
  });

  it.each([
    ['no product', { quantity: 1 }],
    ['two names', { product_id: 'prd_1', sku: 'x', quantity: 1 }],
    ['no piece', { sku: 'x', quantity: 0 }],
    ['half a piece', { sku: 'x', quantity: 0.5 }],
    ['a negative price', { sku: 'x', quantity: 1, unit_price: -1 }],
    ['more than the whole off', { sku: 'x', quantity: 1, discount_basis_points: 10_001 }],
  ])('refuses a line with %s', async (_, line) => {
    expect((await order([line])).error).toMatchObject({ code: 'validation_error' });
  });

  it('places one order, however often it is repeated', async () => {
    const { id: product_id } = await shop.product(5);
    const { id: customer_id } = await shop.customer();
    const args = { customer_id, lines: [{ product_id, quantity: 2 }], idempotency_key: key() };
    const replies = await Promise.all([1, 2, 3].map(() => shop.call('create_order', args)));
    expect(new Set(replies.map(({ output }) => output['id'])).size).toBe(1);
    expect(await shop.stockOf({ id: product_id })).toEqual([5, 2]);
  });

  it('confirms the order to its customer', async () => {
    const { id } = await shop.place();
    const message = await waitFor(() =>
      shop.write(async () => {
        const { sql } = shop.get(Database);
        const [row] = await sql<{ message: string }[]>`
          select message from order_confirmations where order_id = ${id as string}`;
        return row?.message;
      }),
    );
    expect(message).toBe(
      `We have your order ${id}: one line, 36.00 EUR in all. The goods are kept for you until it is paid.`,
    );
  });
});
