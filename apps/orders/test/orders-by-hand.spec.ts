import { describe, expect, it } from '@jest/globals';
import type postgres from 'postgres';
import {
  INITIAL_STATE,
  ORDER_STATES,
  ORDER_TRANSITIONS,
  type OrderState,
} from '../src/domain/order-state-machine.ts';
import { useCatalogueDatabase } from './catalogue-database.ts';
import { place, step } from './orders-database.ts';

/** What a bug in the service, or somebody with its password, could do to orders: nothing that must not be. */
const the = useCatalogueDatabase();
const DENIED = { code: '42501' };
const REFUSED = { code: '23000' };

class Undone extends Error {}

/** A shortest way from the beginning to a state. */
function wayTo(state: OrderState): OrderState[] {
  const ways = new Map<OrderState, OrderState[]>([[INITIAL_STATE, []]]);
  for (const [reached, way] of ways)
    for (const { from, to } of ORDER_TRANSITIONS)
      if (from === reached && !ways.has(to)) ways.set(to, [...way, to]);
  return ways.get(state)!;
}

/** Hand-written changes of a new order, undone at the end unless one is refused. */
async function tryOut(work: (sql: postgres.Sql, id: string) => Promise<void>, role = the.service) {
  const { id } = await place(the);
  return the.byHand(async (sql) => {
    await work(sql, id);
    throw new Undone();
  }, role);
}

/** Does the database let an order go from one state to another? Tried with an order that is really there. */
async function lets(from: OrderState, to: OrderState): Promise<boolean> {
  try {
    // Stock is not the question here; its checks come at commit, and there is none.
    await tryOut(async (sql, id) => {
      for (const state of wayTo(from)) await step(sql, id, state);
      await step(sql, id, to, from);
    });
  } catch (error) {
    if (error instanceof Undone) return true;
    expect(error).toMatchObject({ ...REFUSED, message: expect.stringContaining('does not go from') });
  }
  return false;
}

describe('the states of an order', () => {
  it.each(ORDER_STATES)('lead from %s where the machine draws an arrow, and nowhere else', async (from) => {
    const allowed: OrderState[] = [];
    for (const to of ORDER_STATES) if (await lets(from, to)) allowed.push(to);
    const drawn = ORDER_TRANSITIONS.filter((arrow) => arrow.from === from).map(({ to }) => to);
    // Without an arrow a receipt or the end of a refund may come.
    expect(new Set(allowed)).toEqual(new Set([...drawn, from]));
  });

  it('begin with placed alone, and no order has a later one from the start', async () => {
    await expect(
      the.byHand((sql) => sql`insert into orders (id, state) values ('ord_1', 'paid')`),
    ).rejects.toMatchObject(DENIED);
    const { id } = await place(the);
    const copy = `
      insert into orders select (jsonb_populate_record(o, jsonb_build_object(
        'id', 'ord_00000000000000000000000001', 'state', 'paid', 'payment_attempt', 1, 'payment_id', 'pay_1', 'paid_at', now()
      ))).* from orders o where id = '${id}'`;
    await expect(the.byHand((sql) => sql.unsafe(copy), the.owner)).rejects.toMatchObject(REFUSED);
  });
});

describe('an order', () => {
  it.each([
    "id = 'ord_00000000000000000000000000', version = 2",
    "tenant_id = 'globex', version = 2",
    'total = 1, version = 2',
    "currency = 'USD', version = 2",
    "customer_id = 'cus_00000000000000000000000000', version = 2",
    "reference = 'x', version = 2",
    'line_count = 2, version = 2',
    "placed_by_subject = 'bob', version = 2",
    "priced_by_subject = 'bob', priced_by_client = 'desk', version = 2",
    'created_at = now(), version = 2',
  ])('is what it is: %s', async (change) => {
    const attempt = (sql: postgres.Sql, id: string) =>
      sql.unsafe(`update orders set ${change} where id = '${id}'`) as Promise<never>;
    await expect(tryOut(attempt)).rejects.toMatchObject(DENIED);
    await expect(tryOut(attempt, the.owner)).rejects.toMatchObject({
      code: expect.stringMatching(/^(23000|42501)$/),
    });
  });

  const paid = ['payment_pending', 'paid'] as const;
  const shipped = [...paid, 'shipped'] as const;
  it.each<[readonly OrderState[], string]>([
    [[], "state = 'payment_pending', payment_attempt = 1"],
    [[], "state = 'payment_pending', payment_attempt = 1, version = version + 2"],
    [[], "state = 'gone', version = version + 1"],
    // Attempts are counted, each once.
    [[], "state = 'payment_pending', version = version + 1"],
    [[], "state = 'payment_pending', payment_attempt = 2, version = version + 1"],
    [[], 'payment_attempt = 1, version = version + 1'],
    [['payment_pending'], 'payment_attempt = payment_attempt + 1, version = version + 1'],
    // What belongs to a state comes with it.
    [[], "payment_id = 'pay_1', version = version + 1"],
    [['payment_pending'], "state = 'paid', version = version + 1"],
    [['payment_pending'], "state = 'payment_failed', version = version + 1"],
    [[], "state = 'cancelled', version = version + 1"],
    [[], "state = 'cancelled', cancel_reason = 'why', refund_state = 'pending', version = version + 1"],
    [paid, "state = 'cancelled', cancel_reason = 'why', version = version + 1"],
    [paid, "state = 'cancelled', cancel_reason = 'why', refund_state = 'refunded', version = version + 1"],
    [shipped, "state = 'returned', return_reason = 'why', version = version + 1"],
    [paid, "carrier = 'DHL', version = version + 1"],
    [[], "receipt_record_id = 'rec_1', version = version + 1"],
    // And stays.
    [paid, "payment_id = 'pay_2', version = version + 1"],
    [shipped, "carrier = 'DHL', version = version + 1"],
    [[...shipped, 'returned'], 'refund_state = null, version = version + 1'],
    [[...shipped, 'returned'], "return_reason = 'other', version = version + 1"],
  ])('that went through %j does not become impossible: %s', async (way, change) => {
    const attempt = tryOut(async (sql, id) => {
      for (const state of way) await step(sql, id, state);
      await sql.unsafe(`update orders set ${change} where id = '${id}'`);
    });
    await expect(attempt).rejects.toMatchObject({ code: expect.stringMatching(/^23/) });
  });

  it('gets one receipt and one end of its refund', async () => {
    const settle = (sql: postgres.Sql, id: string, change: string) =>
      sql.unsafe(`update orders set ${change}, version = version + 1 where id = '${id}'`);
    const settleTwice = (first: string, second: string) =>
      tryOut(async (sql, id) => {
        for (const state of [...paid, 'cancelled'] as const) await step(sql, id, state);
        await settle(sql, id, first);
        await settle(sql, id, second);
      });
    await expect(settleTwice("receipt_record_id = 'rec_1'", "refund_state = 'refunded'")).rejects.toThrow(
      Undone,
    );
    for (const [first, second] of [
      ["receipt_record_id = 'rec_1'", "receipt_record_id = 'rec_2'"],
      ["refund_state = 'refunded'", "refund_state = 'failed'"],
      ["refund_state = 'refunded'", "refund_state = 'pending'"],
    ] as const)
      await expect(settleTwice(first, second)).rejects.toMatchObject(REFUSED);
  });

  it.each(['orders', 'order_lines', 'order_confirmations'])(
    'leaves %s only with the database',
    async (table) => {
      for (const change of [`delete from ${table}`, `truncate ${table} cascade`])
        for (const role of [the.service, the.owner])
          await expect(the.byHand((sql) => sql.unsafe(change), role)).rejects.toMatchObject(DENIED);
    },
  );

  it('has lines that nobody rewrites', async () => {
    for (const role of [the.service, the.owner, the.superuser])
      await expect(the.byHand((sql) => sql`update order_lines set quantity = 1`, role)).rejects.toMatchObject(
        DENIED,
      );
  });
});
