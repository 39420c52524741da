import { describe, expect, it } from '@jest/globals';
import type { FileRow } from '@gantry/files';
import { expectColumns, readRows } from './catalogue-rows.ts';
import { customerRow } from './customer-row.ts';
import { productRow } from './product-row.ts';

const TEA = { sku: 'T-1', name: 'Tea', unit_price: '18.00', currency: 'EUR' };

/** What comes of one JSON row: an entry, or the reason why not. */
function read(schema: typeof productRow | typeof customerRow, value: object): unknown {
  const { entries, rejections } = readRows<unknown>([{ line: 7, value } as FileRow], [], schema);
  expect(entries.length + rejections.length).toBe(1);
  if (rejections.length > 0) expect(rejections[0]!.line).toBe(7);
  return entries[0] ?? rejections[0]!.reason;
}

const product = (different: object) => read(productRow, { ...TEA, ...different });
const customer = (different: object) =>
  read(customerRow, { reference: 'ALFKI', name: 'Alfreds', ...different });

describe('a row of a product', () => {
  it('has its price in minor units, and null where nothing is said', () => {
    const tea = {
      sku: 'T-1',
      name: 'Tea',
      description: null,
      category: null,
      unitPrice: 1800,
      currency: 'EUR',
      isActive: true,
    };
    expect(product({})).toEqual(tea);
    expect(product({ description: '', category: '  ', is_active: null })).toEqual(tea);
    expect(product({ sku: ' T-1 ', name: 'Tea\n', is_active: 'false', category: 'Drinks' })).toEqual({
      ...tea,
      category: 'Drinks',
      isActive: false,
    });
    expect(product({ unit_price: 18.1, is_active: true })).toEqual({ ...tea, unitPrice: 1810 });
  });

  it.each<[string, object, string]>([
    ['no SKU', { sku: undefined }, 'sku is missing'],
    ['an empty SKU', { sku: ' ' }, 'sku is empty'],
    ['a SKU like an id', { sku: 'prd_1' }, 'sku must not begin with "prd_"'],
    ['a SKU of two lines', { sku: 'a\nb' }, 'sku must be one line'],
    ['a long SKU', { sku: 'x'.repeat(65) }, 'sku is longer than 64 characters'],
    ['a number for a name', { name: 5 }, 'name must be text'],
    ['a long description', { description: 'x'.repeat(2_001) }, 'description is longer than 2000 characters'],
    ['half a character', { name: 'a\ud800' }, 'name has a character that cannot be stored'],
    ['a NUL', { description: 'a\0' }, 'description has a character that cannot be stored'],
    ['too exact a price', { unit_price: '18.001' }, 'unit_price must be a price with at most 2 decimals'],
    ['a price of floats', { unit_price: 0.1 + 0.2 }, 'unit_price must be a price with at most 2 decimals'],
    ['a negative price', { unit_price: -1 }, 'unit_price must be a price with at most 2 decimals'],
    ['a huge price', { unit_price: 1e21 }, 'unit_price must be a price with at most 2 decimals'],
    ['no price', { unit_price: null }, 'unit_price is missing'],
    ['no currency', { currency: 'eur' }, 'currency must be an ISO 4217 code in upper case'],
    ['another answer', { is_active: 'yes' }, 'is_active must be true or false'],
    ['what means nothing', { stock: 5 }, 'Unrecognized key: "stock"'],
    ['stock', { on_hand: 5, reserved: 1 }, 'Unrecognized keys: "on_hand", "reserved"'],
    [
      'many flaws',
      { sku: null, name: null, unit_price: null, currency: null },
      'sku is missing; name is missing; unit_price is missing; and 1 more',
    ],
  ])('is rejected with %s', (_, different, reason) => {
    expect(product(different)).toBe(reason);
  });

  it.each([[[]], [5], [null], ['text']])('is an object, not %j', (value) => {
    expect(read(productRow, value as never)).toMatch(/expected object/);
  });
});

describe('a row of a customer', () => {
  it('has null where nothing is said', () => {
    expect(
      customer({ email: 'maria@example.com', address_line: 'Obere Str. 57', postal_code: '12209' }),
    ).toEqual({
      reference: 'ALFKI',
      name: 'Alfreds',
      email: 'maria@example.com',
      address: { line: 'Obere Str. 57', city: null, region: null, postalCode: '12209', country: null },
    });
  });

  it.each<[string, object, string]>([
    ['no reference', { reference: '' }, 'reference is empty'],
    ['a reference like an id', { reference: 'cus_1' }, 'reference must not begin with "cus_"'],
    ['no email', { email: 'maria' }, 'email must be an email address'],
    ['a long postal code', { postal_code: '1'.repeat(21) }, 'postal_code is longer than 20 characters'],
  ])('is rejected with %s', (_, different, reason) => {
    expect(customer(different)).toBe(reason);
  });
});

describe('rows of a CSV file', () => {
  it('are read by their columns; those that cannot be are told by their lines', () => {
    const rows: FileRow[] = [
      { line: 2, cells: ['T-1', 'Tea', '18.00', 'EUR', null] },
      { line: 3, cells: ['T-2', 'Tea'] },
      { line: 4, flaw: 'is not CSV' },
      { line: 5, cells: [null, 'Tea', '18', 'EUR', ''] },
    ];
    const columns = ['sku', 'name', 'unit_price', 'currency', 'category'];
    const { entries, rejections } = readRows(rows, columns, productRow);
    expect(entries).toMatchObject([{ sku: 'T-1', category: null }]);
    expect(rejections).toEqual([
      { line: 3, reason: 'has 2 cells; the header has 5' },
      { line: 4, reason: 'is not CSV' },
      { line: 5, reason: 'sku is missing' },
    ]);
  });
});

describe('columns', () => {
  const known = { a: 1, b: 2, c: 3 };

  it('may be in any order, without those that are not required', () => {
    expect(() => expectColumns(['b', 'a'], known, ['a', 'b'])).not.toThrow();
  });

  it('are refused if one is missing or means nothing', () => {
    const refusal = (columns: string[]) => {
      try {
        expectColumns(columns, known, ['a', 'b']);
      } catch (error) {
        return error;
      }
      throw new Error('Not refused.');
    };
    expect(refusal(['a', 'toString'])).toMatchObject({
      code: 'catalogue_columns_invalid',
      message:
        'The header of the file does not have b and has columns that mean nothing here; nothing was imported.',
      details: { columns: ['a', 'b', 'c'], missing: ['b'], unknown: ['toString'] },
    });
  });
});
