import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Shop } from '../../test/shop.ts';
import { OrderPayments } from './order-payments.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
}, 60_000);
afterAll(() => shop?.close());

const tell = <T>(work: (payments: OrderPayments) => Promise<T>) =>
  shop.write(() => work(shop.get(OrderPayments)));

describe('an order that is paid', () => {
  it('counts the attempts, and keeps why the last one failed until the next', async () => {
    const id = await shop.orderThatIs('payment_failed');
    expect(await shop.look(id)).toMatchObject({ payment_attempt: 1, payment_error: 'card_declined' });
    await tell((payments) => payments.begin(shop.tenant, id));
    const pending = await shop.look(id);
    expect(pending).toMatchObject({ state: 'payment_pending', payment_attempt: 2 });
    expect(pending).not.toHaveProperty('payment_error');
    await tell((payments) => payments.succeeded(shop.tenant, id, 'pay_2'));
    expect(await shop.look(id)).toMatchObject({ state: 'paid', payment_attempt: 2, payment_id: 'pay_2' });
  });

  it('begins one attempt of two at once', async () => {
    const id = await shop.orderThatIs('placed');
    const attempts = await Promise.allSettled(
      [1, 2].map(() => tell((payments) => payments.begin(shop.tenant, id))),
    );
    expect(attempts.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(attempts.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'order_payment_pending' },
    });
    expect(await shop.look(id)).toMatchObject({ payment_attempt: 1 });
  });

  it.each(['paid', 'shipped', 'delivered', 'cancelled', 'returned'])(
    'begins none of an order that is %s',
    async (state) => {
      const id = await shop.orderThatIs(state);
      await expect(tell((payments) => payments.begin(shop.tenant, id))).rejects.toMatchObject({
        code: 'order_not_payable',
        details: { state },
      });
    },
  );

  it('hears the same twice as once, from a call and from a job', async () => {
    const paid = await shop.orderThatIs('paid');
    const failed = await shop.orderThatIs('payment_failed');
    const before = [await shop.look(paid), await shop.look(failed)];
    await tell((payments) => payments.succeeded(shop.tenant, paid, `pay_of_${paid}`));
    await tell((payments) => payments.failed(shop.tenant, failed, 1, 'card_declined'));
    expect([await shop.look(paid), await shop.look(failed)]).toEqual(before);
    // A late report of an attempt that another one has followed.
    await tell((payments) => payments.begin(shop.tenant, failed));
    await tell((payments) => payments.failed(shop.tenant, failed, 1, 'card_declined'));
    expect(await shop.look(failed)).toMatchObject({ state: 'payment_pending', payment_attempt: 2 });
  });

  it('believes nothing that cannot be', async () => {
    const paid = await shop.orderThatIs('paid');
    const placed = await shop.orderThatIs('placed');
    for (const report of [
      (payments: OrderPayments) => payments.succeeded(shop.tenant, paid, 'pay_other'),
      (payments: OrderPayments) => payments.failed(shop.tenant, paid, 1, 'card_declined'),
      (payments: OrderPayments) => payments.succeeded(shop.tenant, placed, 'pay_1'),
    ])
      await expect(tell(report)).rejects.toThrow('cannot be told');
    await expect(
      tell((payments) => payments.refundSettled(shop.tenant, paid, 'refunded')),
    ).rejects.toMatchObject({ code: '23000' });
  });

  it('gets its receipt once, whatever has become of it meanwhile', async () => {
    const id = await shop.orderThatIs('returned');
    for (const _ of ['told', 'told again'])
      await tell((payments) => payments.receiptKept(shop.tenant, id, 'rec_1'));
    expect(await shop.look(id)).toMatchObject({ state: 'returned', receipt_record_id: 'rec_1' });
    await expect(tell((payments) => payments.receiptKept(shop.tenant, id, 'rec_2'))).rejects.toMatchObject({
      code: '23000',
    });
  });
});
