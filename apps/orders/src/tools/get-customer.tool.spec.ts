import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { key, Shop } from '../../test/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
}, 60_000);
afterAll(() => shop?.close());

describe('get_customer', () => {
  it('shows a customer by id and reference, to its tenant alone', async () => {
    const args = { name: 'Ada', reference: 'L/1', address: { city: 'London' }, idempotency_key: key() };
    const { output: made } = await shop.call('create_customer', args);
    for (const customer of [made['id'], 'L/1'])
      expect((await shop.call('get_customer', { customer })).output).toEqual(made);
    const token = await shop.running.token({ tenant: 'globex' });
    for (const customer of [made['id'], 'L/1']) {
      const { error } = await shop.call('get_customer', { customer }, { token });
      expect(error).toMatchObject({
        code: 'customer_not_found',
        hint: expect.stringMatching(/create_customer/),
      });
    }
  });
});
