import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import postgres from 'postgres';
import { OrderPayments } from '../desk/order-payments.ts';
import { OrderDesk } from '../desk/order-desk.ts';
import { Shop } from '../../test/shop.ts';
import { ExpireReservations } from './expire-reservations.ts';

let shop: Shop;
let owner: postgres.Sql;
beforeAll(async () => {
  shop = await Shop.open();
  owner = postgres(shop.running.database.ownerUrl, { max: 1, onnotice: () => {} });
}, 60_000);
afterAll(async () => {
  await owner?.end();
  await shop?.close();
});

const runByTheClock = () => shop.get(ExpireReservations).run(new AbortController().signal);

/** Lets the time of an order's reservation pass. */
async function lapse(id: string, by = '1 second'): Promise<void> {
  await owner.begin(async (sql) => {
    await sql`select set_config('gantry.tenant', ${shop.tenant}, true)`;
    await sql`update reservations set expires_at = now() - ${by}::interval where order_id = ${id}`;
  });
}

async function productOf(id: string): Promise<{ id: string }> {
  return { id: (await shop.look(id))['lines'][0].product_id as string };
}

describe('a reservation that has expired', () => {
  it.each(['placed', 'payment_failed'])(
    'calls its order off that is %s, and its stock is free',
    async (state) => {
      const id = await shop.orderThatIs(state);
      const product = await productOf(id);
      await runByTheClock();
      expect(await shop.look(id)).toMatchObject({ state });
      await lapse(id);
      await runByTheClock();
      const order = await shop.look(id);
      expect(order).toMatchObject({ state: 'cancelled', cancel_reason: 'reservation_expired' });
      expect(order).not.toHaveProperty('refund_state');
      expect(await shop.stockOf(product)).toEqual([10, 0]);
      const { error } = await shop.call('cancel_order', { order_id: id, reason: 'too late' });
      expect(error).toMatchObject({ code: 'order_not_cancellable' });
    },
  );

  it.each(['payment_pending', 'paid', 'shipped', 'cancelled'])(
    'is nothing to an order that is %s',
    async (state) => {
      const id = await shop.orderThatIs(state);
      const product = await productOf(id);
      const before = [await shop.look(id), await shop.stockOf(product)];
      await lapse(id).catch((error: unknown) => expect(error).toMatchObject({ code: '23000' }));
      await runByTheClock();
      expect([await shop.look(id), await shop.stockOf(product)]).toEqual(before);
    },
  );

  it('is renewed by an attempt to pay, even after its time', async () => {
    const id = await shop.orderThatIs('placed');
    await lapse(id);
    await shop.write(() => shop.get(OrderPayments).begin(shop.tenant, id));
    await shop.write(() => shop.get(OrderPayments).failed(shop.tenant, id, 1, 'card_declined'));
    await runByTheClock();
    const { state, reserved_until } = await shop.look(id);
    expect(state).toBe('payment_failed');
    expect(Date.parse(reserved_until as string)).toBeGreaterThan(Date.now() + 59 * 60_000);
  });

  it.each(['placed', 'payment_failed', 'payment_pending', 'paid'])(
    'is looked at again before anything is done: an order that is %s and has time stays',
    async (state) => {
      const id = await shop.orderThatIs(state);
      expect(await shop.write(() => shop.get(OrderDesk).expire(shop.tenant, id))).toBe(false);
      expect(await shop.look(id)).toMatchObject({ state });
    },
  );

  it('is found for every tenant', async () => {
    const token = await shop.running.token({ tenant: 'globex' });
    const theirs = new Shop(shop.running, 'globex');
    const { id } = (await theirs.place({}, { token })) as { id: string };
    await owner.begin(async (sql) => {
      await sql`select set_config('gantry.tenant', 'globex', true)`;
      await sql`update reservations set expires_at = now() where order_id = ${id}`;
    });
    await runByTheClock();
    const { output } = await shop.call('get_order', { order_id: id }, { token });
    expect(output).toMatchObject({ state: 'cancelled', cancel_reason: 'reservation_expired' });
  });

  it('of one order keeps nobody waiting if that cannot be called off', async () => {
    const [stuck, other] = [await shop.orderThatIs('placed'), await shop.orderThatIs('placed')];
    for (const id of [stuck, other]) await lapse(id);
    const desk = shop.get(OrderDesk);
    const expire = desk.expire.bind(desk);
    desk.expire = (tenant, id) => (id === stuck ? Promise.reject(new Error('broken')) : expire(tenant, id));
    await runByTheClock();
    expect(await shop.look(stuck)).toMatchObject({ state: 'placed' });
    expect(await shop.look(other)).toMatchObject({ state: 'cancelled' });
    desk.expire = expire;
    await runByTheClock();
    expect(await shop.look(stuck)).toMatchObject({ state: 'cancelled' });
  });

  it('and a customer who pays at that very moment: one of them wins, and stock and state agree', async () => {
    for (let round = 0; round < 5; round += 1) {
      const id = await shop.orderThatIs('placed');
      const product = await productOf(id);
      await lapse(id);
      const [, paying] = await Promise.allSettled([
        runByTheClock(),
        shop.write(() => shop.get(OrderPayments).begin(shop.tenant, id)),
      ]);
      const { state } = await shop.look(id);
      if (paying.status === 'fulfilled') expect(state).toBe('payment_pending');
      else {
        expect(paying.reason).toMatchObject({ code: 'order_not_payable' });
        expect(state).toBe('cancelled');
      }
      expect(await shop.stockOf(product)).toEqual([10, state === 'cancelled' ? 0 : 2]);
    }
  });
});
