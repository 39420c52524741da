import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { key, Shop } from '../../test/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
}, 60_000);
afterAll(() => shop?.close());

const create = (args: Record<string, unknown>, token?: string) =>
  shop.call('create_customer', { idempotency_key: key(), ...args }, token ? { token } : {});

describe('create_customer', () => {
  it('makes a customer, with as much as is known', async () => {
    const known = {
      reference: 'ALFKI',
      name: 'Alfreds Futterkiste',
      email: 'maria@example.com',
      address: { line: 'Obere Str. 57', city: 'Berlin', postal_code: '12209', country: 'Germany' },
    };
    const { output } = await create(known);
    expect(output).toMatchObject({ ...known, id: expect.stringMatching(/^cus_/) });
    const { output: little } = await create({ name: 'Ada' });
    expect(little).toEqual({
      id: expect.stringMatching(/^cus_/),
      name: 'Ada',
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
  });

  it('says whose reference it is', async () => {
    const { output } = await create({ name: 'First', reference: 'TAKEN' });
    expect((await create({ name: 'Second', reference: 'TAKEN' })).error).toMatchObject({
      code: 'customer_reference_taken',
      retryable: false,
      details: { customer_id: output['id'], reference: 'TAKEN' },
    });
    const token = await shop.running.token({ tenant: 'globex' });
    expect((await create({ name: 'Theirs', reference: 'TAKEN' }, token)).output['id']).not.toBe(output['id']);
  });

  it.each([
    {},
    { name: ' ' },
    { name: 'x', reference: 'cus_1' },
    { name: 'x', reference: ' A' },
    { name: 'x', email: 'nobody' },
    { name: 'x', address: { planet: 'Mars' } },
    { name: 'x', address: 'Berlin' },
  ])('refuses %j', async (args) => {
    expect((await create(args)).error?.code).toBe('validation_error');
  });

  it('is not for readers', async () => {
    const token = await shop.running.token({ scopes: ['orders:read'] });
    expect((await create({ name: 'Ada' }, token)).status).toBe(403);
  });
});
