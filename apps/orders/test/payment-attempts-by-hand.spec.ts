import { beforeEach, describe, expect, it } from '@jest/globals';
import type postgres from 'postgres';
import { typeid } from 'typeid-js';
import type { NewPaymentAttempt, PaymentAttempt } from '../src/domain/payment-attempt.ts';
import { OrderStore } from '../src/store/order.store.ts';
import { PaymentAttemptStore } from '../src/store/payment-attempt.store.ts';
import { ANN, useCatalogueDatabase } from './catalogue-database.ts';
import { place } from './orders-database.ts';

/** What a bug in the service, or somebody with its password, could do to attempts to pay: nothing that must not be. */
const the = useCatalogueDatabase();
const DENIED = { code: '42501' };
const REFUSED = { code: '23000' };

let attempt: PaymentAttempt;
let stores: { orders: OrderStore; attempts: PaymentAttemptStore };

beforeEach(async () => {
  stores = { orders: new OrderStore(the.database), attempts: new PaymentAttemptStore(the.database) };
  attempt = await begin();
});

/** Begins to pay an order as the desk does, but for what is said to differ. */
async function begin(different: Partial<NewPaymentAttempt> = {}): Promise<PaymentAttempt> {
  const { id, total, currency } = await place(the);
  return the.write(async () => {
    const order = (await stores.orders.lock(id))!;
    await stores.orders.save(order, { state: 'payment_pending', paymentAttempt: 1 });
    return stores.attempts.begin(
      {
        id: typeid('pat').toString(),
        orderId: id,
        attempt: 1,
        requestedBy: ANN,
        idempotencyKey: typeid('key').toString(),
        fingerprint: Buffer.alloc(32, 'a'),
        requestId: 'req_1',
        trace: {},
        amount: total,
        currency,
        paymentMethod: 'pm_card_visa',
        ...different,
      },
      30,
    );
  });
}

const change = (what: string, role?: postgres.Sql) =>
  the.byHand((sql) => sql.unsafe(`update payment_attempts set ${what} where id = '${attempt.id}'`), role);

/** Ends the attempt and lets its order go on, as the desk does. */
async function fail(): Promise<void> {
  await the.write(async () => {
    const order = (await stores.orders.lock(attempt.orderId))!;
    await stores.orders.save(order, { state: 'payment_failed', paymentError: 'card_declined' });
    await stores.attempts.finish(attempt.id, { output: {} });
  });
}

describe('an attempt to pay', () => {
  it.each([
    "idempotency_key = 'another key'",
    "fingerprint = sha256('x')",
    'amount = 1',
    'attempt = 2',
    "payment_method = 'pm_card_amex'",
    "subject = 'bob'",
    'created_at = now()',
  ])('is what it is: %s', async (what) => {
    await expect(change(what)).rejects.toMatchObject(DENIED);
    await expect(change(what, the.owner)).rejects.toMatchObject(REFUSED);
  });

  it('is one payment', async () => {
    await change("payment_id = 'pay_1'");
    await change("payment_id = 'pay_1'");
    await expect(change("payment_id = 'pay_2'")).rejects.toMatchObject(REFUSED);
    await expect(change('payment_id = null')).rejects.toMatchObject(REFUSED);
  });

  it('is finished for good', async () => {
    await fail();
    for (const what of [
      "answer = '{}'",
      "payment_id = 'pay_2'",
      "phase = 'started', answer = null",
      'leased_until = now()',
    ])
      await expect(change(what)).rejects.toMatchObject(REFUSED);
  });

  it('is never deleted', async () => {
    for (const role of [the.service, the.owner])
      await expect(the.byHand((sql) => sql`delete from payment_attempts`, role)).rejects.toMatchObject(
        DENIED,
      );
  });

  it('is open as long as its order waits for it, and no longer', async () => {
    await expect(change(`phase = 'finished', answer = '{}'`)).rejects.toThrow(/do not say the same/);
    const goOn = async () => {
      const order = (await stores.orders.lock(attempt.orderId))!;
      await stores.orders.save(order, { state: 'payment_failed', paymentError: 'card_declined' });
    };
    await expect(the.write(goOn)).rejects.toThrow(/is being paid/);
    await fail();
  });

  it('is for all of its order, and for one that waits for it', async () => {
    await expect(begin({ amount: 1 })).rejects.toThrow(/do not say the same/);
    await expect(begin({ currency: 'USD' })).rejects.toThrow(/do not say the same/);
    await expect(begin({ attempt: 2 })).rejects.toThrow(/do not say the same/);
    const { id } = await place(the);
    await expect(begin({ orderId: id, amount: 3_600 })).rejects.toThrow(/do not say the same/);
  });

  it.each([
    ['with a short key', { idempotencyKey: 'short' }],
    ['with a fingerprint of another length', { fingerprint: Buffer.alloc(16) }],
    ['with something that is no token', { paymentMethod: '4242424242424242' }],
    ['with an id of something else', { id: typeid('pay').toString() }],
  ])('is never begun %s', async (_, different) => {
    await expect(begin(different)).rejects.toMatchObject({ code: '23514' });
  });

  it('is one of a key', async () => {
    await expect(begin({ idempotencyKey: attempt.idempotencyKey })).rejects.toMatchObject({
      code: 'idempotency_conflict',
    });
  });

  it('is not seen by other tenants', async () => {
    const seen = await the.byHand((sql) => sql`select from payment_attempts`, the.service, 'globex');
    expect(seen).toHaveLength(0);
  });
});

describe('PaymentAttemptStore', () => {
  it('gives back what was begun', async () => {
    const begun = await begin({ trace: { traceparent: '00-a-b-01', tracestate: 'a=1' } });
    expect(begun).toMatchObject({ phase: 'started', paymentId: null, answer: null, requestedBy: ANN });
    expect(begun.trace).toEqual({ traceparent: '00-a-b-01', tracestate: 'a=1' });
    expect(attempt.trace).toEqual({});
    const { attempts } = stores;
    expect(await the.read(() => attempts.find(begun.id))).toEqual(begun);
    expect(await the.read(() => attempts.findByKey(ANN, begun.idempotencyKey))).toEqual(begun);
    expect(await the.read(() => attempts.latestOf(begun.orderId))).toEqual(begun);
    expect(await the.read(() => attempts.findByKey({ ...ANN, client: 'other' }, begun.idempotencyKey))).toBe(
      undefined,
    );
  });

  it('leases an attempt to one at a time', async () => {
    const { attempts } = stores;
    const lease = () => the.write(() => attempts.lease(attempt.id, 30));
    // It is leased to whoever has begun it.
    expect(await lease()).toBeUndefined();
    await the.write(() => attempts.leave(attempt.id, 'pay_1'));
    const taken = await Promise.all([lease(), lease(), lease()]);
    expect(taken.filter(Boolean)).toMatchObject([{ id: attempt.id, paymentId: 'pay_1' }]);
    await the.write(() => attempts.leave(attempt.id));
    await fail();
    expect(await lease()).toBeUndefined();
    await expect(the.write(() => attempts.finish(attempt.id, { output: {} }))).rejects.toThrow(/any more/);
  });
});
