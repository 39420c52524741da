import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectModern } from '@gantry/testing';
import { ended, imported } from '../../test/imported.ts';
import { key, Shop } from '../../test/shop.ts';

const PRODUCTS = `sku,name,description,category,unit_price,currency
P-1,Chai,10 boxes x 30 bags,Beverages,18.00,EUR
P-2,"Côte de Blaye","12 bottles, ""75 cl""",Beverages,263.50,EUR
P-3,Sushi,,,1200,JPY
`;

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
}, 60_000);
afterAll(() => shop?.close());

const product = async (sku: string) => (await shop.call('get_product', { product: sku })).output;

describe('import_catalogue', () => {
  it('makes products, and describes them anew, but for their stock', async () => {
    expect(await imported(shop, 'products', PRODUCTS)).toMatchObject({
      tool: 'import_catalogue',
      status: 'succeeded',
      progress: {
        done: 4,
        total: 4,
        message: '4 of 4 lines read: 3 created, 0 updated, 0 unchanged, 0 rejected.',
      },
      result: { lines: 4, created: 3, updated: 0, unchanged: 0, rejected: 0, rejections: [] },
    });
    expect(await product('P-2')).toMatchObject({
      name: 'Côte de Blaye',
      description: '12 bottles, "75 cl"',
      unit_price: 26_350,
      available: 0,
    });
    expect(await product('P-3')).toMatchObject({ unit_price: 1200, currency: 'JPY' });
    await shop.call('restock_product', { product: 'P-1', quantity: 39, idempotency_key: key() });
    const dearer = PRODUCTS.replace('18.00', '19.50');
    expect((await imported(shop, 'products', dearer))['result']).toMatchObject({
      created: 0,
      updated: 1,
      unchanged: 2,
    });
    expect(await product('P-1')).toMatchObject({ unit_price: 1950, available: 39 });
  });

  it('makes customers', async () => {
    const csv =
      'reference,name,city,country,email\nALFKI,Alfreds Futterkiste,Berlin,Germany,\nANATR,Ana,"México D.F.",Mexico,a@example.com';
    expect((await imported(shop, 'customers', csv))['result']).toMatchObject({ created: 2 });
    const { output } = await shop.call('get_customer', { customer: 'ANATR' });
    expect(output).toMatchObject({
      reference: 'ANATR',
      email: 'a@example.com',
      address: { city: 'México D.F.', country: 'Mexico' },
    });
  });

  it('takes NDJSON too, and tells which rows it did not take and why', async () => {
    const rows = [
      { sku: 'N-1', name: 'One', unit_price: '1.10', currency: 'EUR' },
      { sku: 'N-2', name: 'Two', unit_price: '1.105', currency: 'EUR' },
      { sku: 'N-3', name: 'a\ud800\0', unit_price: 3, currency: 'EUR' },
      { sku: 'N-4', name: 'Four', unit_price: 4, currency: 'EUR', on_hand: 1_000 },
    ];
    const content = [...rows.map((row) => JSON.stringify(row)), 'nonsense'].join('\n');
    const operation = await imported(shop, 'products', content, 'ndjson');
    expect(operation['result']).toEqual({
      lines: 5,
      created: 1,
      updated: 0,
      unchanged: 0,
      rejected: 4,
      rejections: [
        { line: 2, reason: 'unit_price must be a price with at most 2 decimals' },
        { line: 3, reason: 'name has a character that cannot be stored' },
        { line: 4, reason: 'Unrecognized key: "on_hand"' },
        { line: 5, reason: expect.stringMatching(/^is not JSON/) },
      ],
      rejections_uri: `orders://imports/${operation['operation_id']}/rejections/0`,
    });
    const uri = operation['result'].rejections_uri as string;
    const reading = async (subject: string) => {
      const token = await shop.running.token({ subject });
      const { raw } = await connectModern(shop.running.url, token);
      const { contents } = await raw.readResource({ uri }).finally(() => raw.close());
      return JSON.parse((contents[0] as { text: string }).text) as { rejections: object[] };
    };
    expect((await reading('ada')).rejections).toHaveLength(4);
    await expect(reading('bob')).rejects.toThrow();
  });

  it('takes a file in parts, cut anywhere', async () => {
    const file =
      'sku,name,unit_price,currency\n' +
      Array.from({ length: 1_200 }, (_, index) => `M-${index},Many ${index},${index}.99,EUR\n`).join('');
    const half = Math.floor(file.length / 2) + 3;
    const part = (args: object) =>
      shop.call('import_catalogue', { kind: 'products', format: 'csv', idempotency_key: key(), ...args });
    const { output: first } = await part({ content: file.slice(0, half), last: false });
    const { upload_id } = first['upload'] as { upload_id: string };
    expect(first['upload']).toMatchObject({ next_part: 2, received_bytes: half });
    const other = await part({ kind: 'customers', upload_id, part: 2, content: 'x' });
    expect(other.error).toMatchObject({ code: 'upload_part_unexpected' });
    const { output: last } = await part({ upload_id, part: 2, content: file.slice(half) });
    expect((await ended(shop, last['operation']))['result']).toMatchObject({ lines: 1_201, created: 1_200 });
    expect(await product('M-1199')).toMatchObject({ unit_price: 119_999 });
  });

  it.each<[string, 'products' | 'customers', string, object]>([
    ['without a column that is needed', 'products', 'sku,name\na,b', { missing: ['unit_price', 'currency'] }],
    ['with one that means nothing', 'customers', 'reference,name,on_hand\na,b,5', { unknown: ['on_hand'] }],
  ])('fails with a header %s', async (_, kind, csv, details) => {
    expect(await imported(shop, kind, csv)).toMatchObject({
      status: 'failed',
      error: { code: 'catalogue_columns_invalid', details },
    });
  });

  it('is for administrators', async () => {
    const token = await shop.running.token({ scopes: ['orders:write'] });
    const args = { kind: 'products', format: 'csv', content: PRODUCTS, idempotency_key: key() };
    expect((await shop.call('import_catalogue', args, { token })).status).toBe(403);
  });
});
