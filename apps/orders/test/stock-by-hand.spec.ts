import { beforeEach, describe, expect, it } from '@jest/globals';
import type postgres from 'postgres';
import { typeid } from 'typeid-js';
import type { Product } from '../src/domain/product.ts';
import { ANN, orderId, useCatalogueDatabase } from './catalogue-database.ts';

/** What a bug in the service, or somebody with its password, could do to stock: nothing that does not add up. */
const the = useCatalogueDatabase();
const DENIED = { code: '42501' };
const NEVER_OVERSOLD = { code: '23514', constraint_name: 'products_never_oversold' };

/** Ten pieces, of which an order holds four and another one has been shipped two. */
let product: Product;
let holds: string;
let shipped: string;

beforeEach(async () => {
  product = await the.stocked(12);
  holds = await the.holding(product.id, 4);
  shipped = await the.holding(product.id, 2);
  await the.write(() => the.stock.consume(shipped, ANN));
});

async function untouched() {
  expect(await the.stockOf(product.id)).toEqual([10, 4]);
  const [sums] = await the.byHand(
    (sql) => sql`
      select
        (select sum(quantity)::int from stock_movements where product_id = ${product.id}) as moved,
        (select sum(quantity)::int from reservations where product_id = ${product.id} and state = 'held') as held`,
  );
  expect(sums).toEqual({ moved: 10, held: 4 });
}

interface Movement {
  readonly kind: string;
  readonly quantity: number;
  readonly order_id?: string | null;
  readonly product_id?: string;
}

const move = (movement: Movement) => (sql: postgres.Sql) => {
  const row = { id: typeid('stk').toString(), by_subject: 'ann', by_client: 'psql', product_id: product.id };
  return sql`insert into stock_movements ${sql({ ...row, ...movement } as never)}`;
};

const reserve = (different: object) => (sql: postgres.Sql) => {
  const row = { order_id: orderId(), product_id: product.id, quantity: 1, expires_at: new Date() };
  return sql`insert into reservations ${sql({ ...row, ...different } as never)}`;
};

describe('a reservation written by hand', () => {
  it('counts, and is never for more than there is', async () => {
    await the.byHand(reserve({ quantity: 6 }));
    expect(await the.stockOf(product.id)).toEqual([10, 10]);
    await expect(the.byHand(reserve({ quantity: 1 }))).rejects.toMatchObject(NEVER_OVERSOLD);
  });

  it.each([0, -1])('is for pieces, not for %d', async (quantity) => {
    await expect(the.byHand(reserve({ quantity }))).rejects.toMatchObject({ code: '23514' });
    await untouched();
  });

  it('begins held: the service chooses no state, and the owner no other', async () => {
    await expect(the.byHand(reserve({ state: 'released' }))).rejects.toMatchObject(DENIED);
    await expect(the.byHand(reserve({ state: 'released' }), the.owner)).rejects.toThrow(/begins held/);
    await untouched();
  });

  it.each([
    ['consumed without being shipped', "state = 'consumed'", /by shipping alone/],
    ['made larger', 'quantity = 5', /permission denied/],
    ['given to another order', `order_id = '${orderId()}'`, /permission denied/],
  ])('is not %s', async (_, change, refusal) => {
    const update = (sql: postgres.Sql) =>
      sql`update reservations set ${sql.unsafe(change)} where order_id = ${holds}`;
    await expect(the.byHand(update)).rejects.toThrow(refusal);
    await untouched();
  });

  it('does not come back to life, is not released after it was shipped, and does not change in the hands of the owner', async () => {
    const set = (order: string, change: string, role?: postgres.Sql) =>
      the.byHand((sql) => sql`update reservations set ${sql.unsafe(change)} where order_id = ${order}`, role);
    await expect(set(shipped, "state = 'released'")).rejects.toThrow(/stays as it is/);
    await expect(set(shipped, "state = 'held'")).rejects.toThrow(/stays as it is/);
    await expect(set(holds, 'quantity = 3', the.owner)).rejects.toThrow(/never changes/);
    await untouched();
    await set(holds, "state = 'released'");
    expect(await the.stockOf(product.id)).toEqual([10, 0]);
    for (const state of ['held', 'consumed', 'released'])
      await expect(set(holds, `state = '${state}'`)).rejects.toThrow(/stays as it is/);
  });
});

describe('a movement written by hand', () => {
  it.each<[string, () => Movement, object]>([
    ['ships what nobody reserved', () => ({ kind: 'ship', quantity: -1, order_id: orderId() }), {}],
    ['ships for no order', () => ({ kind: 'ship', quantity: -1 }), { code: '23514' }],
    ['ships less than was reserved', () => ({ kind: 'ship', quantity: -3, order_id: holds }), {}],
    ['ships more than was reserved', () => ({ kind: 'ship', quantity: -5, order_id: holds }), {}],
    ['ships backwards', () => ({ kind: 'ship', quantity: 4, order_id: holds }), { code: '23514' }],
    ['ships again', () => ({ kind: 'ship', quantity: -2, order_id: shipped }), { code: '23505' }],
    ['returns what was not shipped', () => ({ kind: 'return', quantity: 4, order_id: holds }), {}],
    ['returns more than was shipped', () => ({ kind: 'return', quantity: 3, order_id: shipped }), {}],
    ['returns backwards', () => ({ kind: 'return', quantity: -1, order_id: shipped }), { code: '23514' }],
    ['restocks less', () => ({ kind: 'restock', quantity: -1 }), { code: '23514' }],
    ['restocks for an order', () => ({ kind: 'restock', quantity: 1, order_id: shipped }), { code: '23514' }],
    ['corrects nothing', () => ({ kind: 'correction', quantity: 0 }), { code: '23514' }],
    ['corrects what is promised', () => ({ kind: 'correction', quantity: -7 }), NEVER_OVERSOLD],
    ['is of no kind', () => ({ kind: 'theft', quantity: -1 }), { code: '23514' }],
    [
      'is of no product',
      () => ({ kind: 'restock', quantity: 1, product_id: typeid('prd').toString() }),
      { code: expect.stringMatching(/^23/) },
    ],
  ])('is refused if it %s', async (_, movement, refusal) => {
    await expect(the.byHand(move(movement()))).rejects.toMatchObject({
      code: expect.stringMatching(/^23/),
      ...refusal,
    });
    await untouched();
  });

  it('that ships consumes the reservation; one that returns is the only one', async () => {
    await the.byHand(move({ kind: 'ship', quantity: -4, order_id: holds }));
    expect(await the.stockOf(product.id)).toEqual([6, 0]);
    await the.byHand(move({ kind: 'return', quantity: 2, order_id: shipped }));
    expect(await the.stockOf(product.id)).toEqual([8, 0]);
    await expect(the.byHand(move({ kind: 'return', quantity: 1, order_id: shipped }))).rejects.toMatchObject({
      code: '23505',
    });
  });
});

describe('what is kept', () => {
  const CHANGES = [
    'update stock_movements set quantity = 1',
    'update stock_movements set quantity = quantity where false',
    'delete from stock_movements',
    'truncate stock_movements',
    'update products set on_hand = on_hand + 1',
    'update products set reserved = 0',
    "insert into products (id, sku, name, unit_price, currency, on_hand) values ('prd_00000000000000000000000000', 'x', 'x', 1, 'EUR', 5)",
    'delete from products',
    'truncate products cascade',
    'delete from reservations',
    'truncate reservations cascade',
    'delete from customers',
    'truncate customers cascade',
  ];

  it.each(CHANGES)('cannot be changed, by the service, the owner or a superuser: %s', async (change) => {
    for (const role of [the.service, the.owner, the.superuser])
      await expect(the.byHand((sql) => sql.unsafe(change), role)).rejects.toMatchObject(DENIED);
    await untouched();
  });

  it.each(CHANGES.slice(0, 4))('cannot be changed as a replica either: %s', async (change) => {
    const asReplica = the.byHand(async (sql) => {
      await sql`set local session_replication_role = replica`;
      await sql.unsafe(change);
    }, the.superuser);
    await expect(asReplica).rejects.toMatchObject(DENIED);
  });

  it.each([
    ['a SKU', "update products set sku = 'y'"],
    ['the time of creation', 'update products set created_at = now()'],
    ['the time of a change', 'update products set updated_at = now()'],
    ['the time of a movement', 'update stock_movements set created_at = now()'],
    ['a reference', "update customers set reference = 'y'"],
    ['the tenant', "update products set tenant_id = 'globex'"],
    ['a word', "update product_words set word = 'x'"],
  ])('is not for the service to change: %s', async (_, change) => {
    await expect(the.byHand((sql) => sql.unsafe(change))).rejects.toMatchObject(DENIED);
  });

  it('is not for the service to choose: times and the tenant', async () => {
    for (const column of ['created_at', 'updated_at', 'tenant_id'])
      await expect(
        the.byHand((sql) => sql.unsafe(`insert into products (id, ${column}) values ('x', null)`)),
      ).rejects.toMatchObject(DENIED);
  });
});

describe('another tenant', () => {
  it('sees nothing, and moves nothing by the id', async () => {
    const as = <T>(work: (sql: postgres.Sql) => Promise<T>) => the.byHand(work, the.service, 'globex');
    for (const table of ['products', 'customers', 'product_words', 'reservations', 'stock_movements'])
      expect(await as((sql) => sql.unsafe(`select from ${table}`))).toHaveLength(0);
    await expect(as(move({ kind: 'restock', quantity: 1 }))).rejects.toMatchObject({
      code: expect.stringMatching(/^23/),
    });
    await expect(as(reserve({}))).rejects.toMatchObject({ code: expect.stringMatching(/^23/) });
    await expect(
      as((sql) => sql`insert into product_words (word, product_id) values ('x', ${product.id})`),
    ).rejects.toMatchObject({ code: '23503' });
    expect(
      (await as((sql) => sql`update reservations set state = 'released' where order_id = ${holds}`)).count,
    ).toBe(0);
    await untouched();
  });

  it('is not seen by the owner either', async () => {
    // But for what is held: that is how reservations that have expired are found, of all tenants.
    for (const table of [
      'products',
      'customers',
      'product_words',
      'stock_movements',
      "reservations where state <> 'held'",
    ])
      expect(await the.byHand((sql) => sql.unsafe(`select from ${table}`), the.owner, 'globex')).toHaveLength(
        0,
      );
  });

  it('may have the same SKU and reference', async () => {
    await the.stocked(1, { sku: product.sku }, 'globex');
    expect(await the.read(() => the.products.find(product.sku))).toMatchObject({ id: product.id });
  });

  it('is also nobody: without a tenant nothing is there', async () => {
    expect(await the.service`select from products`).toHaveLength(0);
  });
});
