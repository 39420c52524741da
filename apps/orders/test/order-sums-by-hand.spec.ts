import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type postgres from 'postgres';
import { typeid } from 'typeid-js';
import type { OrderState } from '../src/domain/order-state-machine.ts';
import { lineTotal } from '../src/domain/pricing.ts';
import { useCatalogueDatabase } from './catalogue-database.ts';
import { aLine, place, step } from './orders-database.ts';

/** What a bug in the service could get wrong about the sums and the stock of orders: nothing. */
const the = useCatalogueDatabase();
const REFUSED = { code: '23000' };

describe('a price', () => {
  it('is what the domain says it is, whatever its size', async () => {
    const sizes = fc.record({
      unit: fc.oneof(fc.nat(2_000), fc.integer({ min: 0, max: 999_999_999_999 })),
      quantity: fc.integer({ min: 1, max: 1_000_000 }),
      discount: fc.oneof(fc.constantFrom(0, 2_500, 5_000, 10_000), fc.nat(10_000)),
    });
    const lines = fc.sample(sizes, 3_000);
    const rows = await the.byHand(
      (sql) => sql<{ total: string }[]>`
        select order_line_total(unit, quantity, discount)::text as total
        from json_to_recordset(${JSON.stringify(lines)}::text::json) as line (unit bigint, quantity bigint, discount integer)`,
    );
    expect(rows.map(({ total }) => total)).toEqual(
      lines.map(({ unit, quantity, discount }) => String(lineTotal(unit, quantity, discount))),
    );
  });
});

/** An order by hand, with its stock, as wrong as it is told to be. */
async function placeByHand(wrong: { order?: object; line?: object; lines?: number; reserve?: number } = {}) {
  const { customerId, lines } = await place(the);
  const { productId, sku, name } = lines[0]!;
  const id = typeid('ord').toString();
  return the.byHand(async (sql) => {
    const order = {
      id,
      customer_id: customerId,
      currency: 'EUR',
      total: 2_000,
      line_count: 2,
      placed_by_subject: 'ann',
      placed_by_client: 'depot',
      ...wrong.order,
    };
    await sql`insert into orders ${sql(order)}`;
    for (let line = 1; line <= (wrong.lines ?? 2); line += 1) {
      const row = {
        order_id: id,
        line,
        product_id: productId,
        sku,
        name,
        quantity: 1,
        list_price: 1_000,
        unit_price: 1_000,
        discount_basis_points: 0,
        line_total: 1_000,
        ...wrong.line,
      };
      await sql`insert into order_lines ${sql(row)}`;
    }
    const quantity = wrong.reserve ?? 2;
    if (quantity > 0)
      await sql`
        insert into reservations (order_id, product_id, quantity, expires_at)
        values (${id}, ${productId}, ${quantity}, now() + interval '1 hour')`;
  });
}

describe('an order by hand', () => {
  it('is taken if it adds up', async () => {
    await expect(placeByHand()).resolves.toBeUndefined();
  });

  it.each<[string, RegExp, Parameters<typeof placeByHand>[0]]>([
    ['another total than its lines', /does not add up/, { order: { total: 1_999 } }],
    ['fewer lines than it says', /does not add up/, { lines: 1 }],
    ['more lines than it says', /has no line 3/, { lines: 3 }],
    ['no lines', /does not add up/, { lines: 0 }],
    [
      'a line that is rounded wrongly',
      /order_lines_exact/,
      { line: { unit_price: 25, discount_basis_points: 5_000, line_total: 13 } },
    ],
    ['a price that nobody has given', /wrongly who priced it/, { line: { list_price: 2_000 } }],
    [
      'a discount that nobody has given',
      /wrongly who priced it/,
      { line: { unit_price: 2_000, list_price: 2_000, discount_basis_points: 5_000 } },
    ],
    [
      'somebody who gave no price',
      /wrongly who priced it/,
      { order: { priced_by_subject: 'bob', priced_by_client: 'desk' } },
    ],
    ['half of somebody', /orders_priced_by_somebody/, { order: { priced_by_subject: 'bob' } }],
    ['less stock than it sells', /its stock is not/, { reserve: 1 }],
    ['more stock than it sells', /its stock is not/, { reserve: 3 }],
    ['no stock', /its stock is not/, { reserve: 0 }],
    ['nobody to sell to', /customer_id_fkey/, { order: { customer_id: 'cus_00000000000000000000000000' } }],
  ])('is refused with %s', async (_, why, wrong) => {
    await expect(placeByHand(wrong)).rejects.toMatchObject({
      code: expect.stringMatching(/^23/),
      message: expect.stringMatching(why),
    });
  });

  it('gets no line later, not even a free one', async () => {
    const { id, lines } = await place(the);
    const { productId, sku, name } = lines[0]!;
    for (const line of [1, 2]) {
      const row = {
        order_id: id,
        line,
        product_id: productId,
        sku,
        name,
        quantity: 1,
        list_price: 0,
        unit_price: 0,
        discount_basis_points: 0,
        line_total: 0,
      };
      await expect(the.byHand((sql) => sql`insert into order_lines ${sql(row)}`)).rejects.toMatchObject({
        code: expect.stringMatching(/^23/),
      });
    }
  });
});

describe('an order and its stock', () => {
  const go = async (...way: OrderState[]) => {
    const { id } = await place(the);
    for (const state of way) {
      if (state === 'shipped') await the.write(() => ship(id));
      else await the.byHand((sql) => step(sql, id, state));
    }
    return id;
  };
  /** As one step, in the current unit of work. */
  const ship = async (id: string) => {
    await the.stock.consume(id, { subject: 'ann', client: 'depot' });
    await step(the.database.sql as postgres.Sql, id, 'shipped');
  };

  it.each<[OrderState[], OrderState]>([
    [[], 'cancelled'],
    [['payment_pending', 'paid'], 'cancelled'],
    [['payment_pending', 'paid'], 'shipped'],
    [['payment_pending', 'paid', 'shipped'], 'returned'],
    [['payment_pending', 'paid', 'shipped', 'delivered'], 'returned'],
  ])('never part: what went through %j is not %s without it', async (way, state) => {
    const id = await go(...way);
    await expect(the.byHand((sql) => step(sql, id, state))).rejects.toMatchObject({
      ...REFUSED,
      message: expect.stringContaining('stock is not'),
    });
  });

  it('never part: nothing is let go or sent of an order that stays', async () => {
    const id = await go('payment_pending', 'paid');
    for (const attempt of [
      () => the.stock.release(id),
      () => the.stock.consume(id, { subject: 'ann', client: 'depot' }),
    ])
      await expect(the.write(attempt)).rejects.toMatchObject({
        ...REFUSED,
        message: expect.stringContaining('and the order is not'),
      });
  });

  it('may go several steps at once', async () => {
    const id = await go('payment_pending');
    await the.write(async () => {
      await step(the.database.sql as postgres.Sql, id, 'paid');
      await ship(id);
    });
    expect(await the.byHand((sql) => sql`select state from orders where id = ${id}`)).toMatchObject([
      { state: 'shipped' },
    ]);
  });
});

describe('another tenant', () => {
  it('sees and changes nothing, and cannot sell what is not theirs', async () => {
    const { id, lines } = await place(the);
    for (const table of ['orders', 'order_lines', 'order_confirmations', 'reservations'])
      expect([
        ...(await the.byHand((sql) => sql.unsafe(`select * from ${table}`), the.service, 'globex')),
      ]).toEqual([]);
    const changed = await the.byHand((sql) => step(sql, id, 'payment_pending'), the.service, 'globex');
    expect(changed.count).toBe(0);
    await expect(place(the, {}, [aLine(lines[0]!.productId)], 'globex')).rejects.toMatchObject({
      code: 'product_not_found',
    });
  });

  it('shows the service no more of others than which orders have expired', async () => {
    await place(the);
    const found = await the.service.begin(async (sql) => sql`select * from expired_orders(10)`);
    expect([...found]).toEqual([]);
    await expect(the.service.begin(async (sql) => sql`select id from orders`)).resolves.toHaveLength(0);
  });
});
