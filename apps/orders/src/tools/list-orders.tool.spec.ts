import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Shop } from '../../test/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
}, 60_000);
afterAll(() => shop?.close());

describe('list_orders', () => {
  it('finds orders by what they are, without their lines, the latest first, in pages', async () => {
    const { id: customer_id } = await shop.customer();
    const made = [];
    for (const reference of ['PO-1', 'PO-2', 'PO-1']) {
      const { lines, placed_by, ...summary } = await shop.place({ customer_id, reference });
      expect([lines, placed_by]).toEqual([[expect.anything()], expect.anything()]);
      made.unshift(summary);
    }
    const first = await shop.call('list_orders', { customer_id, limit: 2 });
    expect(first.output['items']).toEqual(made.slice(0, 2));
    const cursor = first.output['next_cursor'] as string;
    const rest = await shop.call('list_orders', { customer_id, limit: 2, cursor });
    expect(rest.output).toMatchObject({ items: made.slice(2), has_more: false });
    const named = await shop.call('list_orders', { customer_id, reference: 'PO-2', fields: ['total'] });
    expect(named.output['items']).toEqual([{ id: made[1]!['id'], total: 3_600 }]);
  });

  it('finds those that wait for something', async () => {
    const paid = await shop.orderThatIs('paid');
    const ids = async (state: string) =>
      ((await shop.call('list_orders', { state })).output['items'] as { id: string }[]).map(({ id }) => id);
    expect(await ids('paid')).toEqual([paid]);
    expect(await ids('delivered')).toEqual([]);
  });

  it('shows those of the tenant alone', async () => {
    await shop.place();
    const token = await shop.running.token({ tenant: 'globex' });
    expect((await shop.call('list_orders', {}, { token })).output['items']).toEqual([]);
  });
});
