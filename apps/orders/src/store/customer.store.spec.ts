import { describe, expect, it } from '@jest/globals';
import { aCustomer, useCatalogueDatabase } from '../../test/catalogue-database.ts';

const the = useCatalogueDatabase();

const address = {
  line: 'Obere Str. 57',
  city: 'Berlin',
  region: null,
  postalCode: '12209',
  country: 'Germany',
};

describe('customers', () => {
  it('are made, and found by id and reference', async () => {
    const customer = aCustomer({ reference: 'ALFKI', name: 'Alfreds', email: 'maria@example.com', address });
    const made = (await the.write(() => the.customers.insert(customer)))!;
    expect(made).toMatchObject({ ...customer, id: expect.stringMatching(/^cus_/) });
    for (const name of [made.id, 'ALFKI'])
      expect(await the.read(() => the.customers.find(name))).toEqual(made);
    for (const name of ['alfki', 'cus_nobody', ''])
      expect(await the.read(() => the.customers.find(name))).toBeUndefined();
    expect(await the.read(() => the.customers.find(made.id), 'globex')).toBeUndefined();
  });

  it('have no reference twice, and need none', async () => {
    const insert = (reference: string | null, tenant?: string) =>
      the.write(() => the.customers.insert(aCustomer({ reference })), tenant);
    expect(await insert('ONCE')).toBeDefined();
    expect(await insert('ONCE')).toBeUndefined();
    expect(await insert('ONCE', 'globex')).toBeDefined();
    expect(await insert(null)).toBeDefined();
    expect(await insert(null)).toBeDefined();
  });

  it('are made, described anew, or left alone by many', async () => {
    const upsert = (...customers: Parameters<typeof the.customers.upsertMany>[0]) =>
      the.write(() => the.customers.upsertMany(customers));
    const [ann, bob] = [
      aCustomer({ reference: 'ANN' }),
      aCustomer({ reference: 'BOB', email: 'b@example.com' }),
    ];
    expect(await upsert(ann, bob)).toEqual({ created: 2, updated: [], unchanged: 0 });
    const { id } = (await the.read(() => the.customers.find('ANN')))!;
    expect(await upsert({ ...ann, address }, bob)).toEqual({ created: 0, updated: [id], unchanged: 1 });
    expect(await the.read(() => the.customers.find(id))).toMatchObject({ name: 'Ada', address });
    expect(await upsert({ ...bob, email: null }, ann, bob)).toMatchObject({ created: 0, unchanged: 0 });
    expect(await the.read(() => the.customers.find('BOB'))).toMatchObject({ email: 'b@example.com' });
  });

  it('have names that begin with a prefix', async () => {
    const named = (column: 'id' | 'reference', prefix: string) =>
      the.read(() => the.customers.namesFrom(column, prefix, 10), 'names');
    await the.write(async () => {
      for (const reference of ['N-2', 'N-1', 'M', null]) await the.customers.insert(aCustomer({ reference }));
    }, 'names');
    expect(await named('reference', 'N')).toEqual(['N-1', 'N-2']);
    expect(await named('id', 'cus_')).toHaveLength(4);
  });
});
