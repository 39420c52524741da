import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { FindUnfinishedWork } from '../src/workflows/find-unfinished-work.ts';
import { Market } from './market.ts';
import { key, Shop } from './shop.ts';

/** Orders, payments and records as they are, with a provider that fails on demand. */
jest.setTimeout(60_000);
let market: Market;
beforeAll(async () => {
  market = await Market.open();
}, 120_000);
afterAll(() => market?.close());
afterEach(() => market.simulator.faults.clear());

const place = async () => ((await market.shop.place()) as { id: string }).id;

describe('pay_order', () => {
  it('pays once, and a receipt follows', async () => {
    const id = await place();
    const args = { idempotency_key: key() };
    const { output } = await market.pay(id, args);
    expect(output).toMatchObject({ id, state: 'paid', payment_attempt: 1, payment_id: expect.any(String) });
    const order = await market.receipted(id);
    const [receipt, ...others] = await market.receiptsOf(id);
    expect(others).toEqual([]);
    expect(receipt).toMatchObject({
      id: order['receipt_record_id'],
      data: {
        order_id: id,
        customer_id: order['customer_id'],
        total: 3_600,
        currency: 'EUR',
        payment_id: output['payment_id'],
        paid_at: order['paid_at'],
        lines: [{ quantity: 2, unit_price: 1_800, line_total: 3_600 }],
      },
    });
    const again = await market.pay(id, args);
    expect(again).toMatchObject({ output, meta: { idempotent_replay: true } });
    expect(await market.moved(id)).toEqual(['charged 3600']);
  });

  it('is refused for an order that is paid, and for a key that was used for something else', async () => {
    const [one, other] = [await place(), await place()];
    const args = { idempotency_key: key() };
    await market.pay(one, args);
    expect((await market.pay(one)).error).toMatchObject({ code: 'order_not_payable' });
    expect((await market.pay(other, args)).error).toMatchObject({ code: 'idempotency_conflict' });
    expect((await market.pay(one, { ...args, payment_method: 'pm_card_amex' })).error).toMatchObject({
      code: 'idempotency_conflict',
    });
    expect(await market.shop.look(other)).toMatchObject({ state: 'placed' });
  });

  it('says why a payment was declined; another payment method pays', async () => {
    const id = await place();
    const declined = { payment_method: 'pm_card_chargeDeclinedInsufficientFunds', idempotency_key: key() };
    const { error } = await market.pay(id, declined);
    expect(error).toMatchObject({
      code: 'payment_declined',
      retryable: false,
      details: { order_id: id, reason: 'insufficient_funds', payment_id: expect.any(String) },
      hint: expect.stringContaining('NEW idempotency_key'),
    });
    expect(await market.shop.look(id)).toMatchObject({
      state: 'payment_failed',
      payment_error: 'insufficient_funds',
    });
    expect(await market.pay(id, declined)).toMatchObject({ error, meta: { idempotent_replay: true } });
    expect((await market.pay(id)).output).toMatchObject({ state: 'paid', payment_attempt: 2 });
    expect(await market.moved(id)).toEqual(['charged 3600']);
  });

  it('charges once for twenty copies of one call', async () => {
    const id = await place();
    const args = { idempotency_key: key() };
    const replies = await Promise.all(Array.from({ length: 20 }, () => market.pay(id, args)));
    const paid = replies.filter(({ output }) => output).map(({ output }) => JSON.stringify(output));
    expect(new Set(paid).size).toBe(1);
    for (const { error } of replies)
      if (error) expect(error).toMatchObject({ code: 'idempotency_in_flight', retryable: true });
    expect(await market.moved(id)).toEqual(['charged 3600']);
  });

  it('charges once for two calls with different keys', async () => {
    const id = await place();
    const replies = await Promise.all([market.pay(id), market.pay(id)]);
    const codes = replies.map(({ error }) => error?.code ?? 'paid').sort();
    expect(codes[1]).toBe('paid');
    expect(['order_not_payable', 'order_payment_pending']).toContain(codes[0]);
    expect(await market.moved(id)).toEqual(['charged 3600']);
  });

  it('knows what became of a charge whose answer was lost', async () => {
    const id = await place();
    market.simulator.faults.plan({ kind: 'reset_after', endpoint: 'payment_intents.confirm', count: 1 });
    const { output } = await market.pay(id);
    expect(output).toMatchObject({ state: 'paid' });
    expect(await market.moved(id)).toEqual(['charged 3600']);
  });

  it('waits for approval, and is paid once somebody has approved', async () => {
    const id = await market.orderOf(150_000);
    const args = { idempotency_key: key() };
    const { error } = await market.pay(id, args);
    expect(error).toMatchObject({
      code: 'approval_required',
      retryable: false,
      details: { order_id: id, payment_id: expect.any(String) },
      hint: expect.stringContaining('approve_payment'),
    });
    expect((await market.pay(id, args)).error).toMatchObject({ code: 'approval_required' });
    expect(await market.shop.look(id)).toMatchObject({ state: 'payment_pending' });
    const { payment_id } = error!.details as { payment_id: string };
    const approval = { payment_id, decision: 'approved', idempotency_key: key() };
    const approved = await market.atPayments('approve_payment', approval);
    expect(approved.error).toBeUndefined();
    expect((await market.pay(id, args)).output).toMatchObject({ state: 'paid', payment_id });
    expect(await market.moved(id)).toEqual(['charged 150000']);
  });

  it('fails if somebody has said no', async () => {
    const id = await market.orderOf(150_000);
    const args = { idempotency_key: key() };
    const { error } = await market.pay(id, args);
    const { payment_id } = error!.details as { payment_id: string };
    await market.atPayments('approve_payment', { payment_id, decision: 'rejected', idempotency_key: key() });
    expect((await market.pay(id, args)).error).toMatchObject({
      code: 'payment_declined',
      details: { reason: 'approval_rejected' },
      hint: expect.stringContaining('Do not try again'),
    });
    expect(await market.shop.look(id)).toMatchObject({ state: 'payment_failed' });
  });

  it('begins nothing for a tenant that the service has no access for', async () => {
    const { running } = market.shop;
    const how = { token: await running.token({ tenant: 'initech' }) };
    const stranger = new Shop(running, 'initech');
    const { id } = (await stranger.place({}, how)) as { id: string };
    const args = { order_id: id, payment_method: 'pm_card_visa', idempotency_key: key() };
    const { error } = await stranger.call('pay_order', args, how);
    expect(error).toMatchObject({ code: 'dependency_unavailable', retryable: true });
    expect((await stranger.call('get_order', { order_id: id }, how)).output).toMatchObject({
      state: 'placed',
      payment_attempt: 0,
    });
  });

  it('acts for the tenant of the order alone', async () => {
    const { running } = market.shop;
    const how = { token: await running.token({ tenant: 'globex' }) };
    const other = new Shop(running, 'globex');
    const { id } = (await other.place({}, how)) as { id: string };
    const args = { order_id: id, payment_method: 'pm_card_visa', idempotency_key: key() };
    expect((await other.call('pay_order', args, how)).output).toMatchObject({ state: 'paid' });
    const { output } = await market.atPayments('list_payments', { reference: id });
    expect(output['items']).toEqual([]);
  });
});

describe('the money of an order that is called off', () => {
  it('goes back, once', async () => {
    const id = await place();
    await market.pay(id);
    const { output } = await market.shop.call('cancel_order', { order_id: id, reason: 'changed my mind' });
    expect(output).toMatchObject({ state: 'cancelled', refund_state: 'pending' });
    await market.becomes(id, { refund_state: 'refunded' });
    await market.shop.get(FindUnfinishedWork).run(new AbortController().signal);
    expect(await market.moved(id)).toEqual(['charged 3600', 'refunded 3600']);
  });

  it('goes back, once, however often the provider breaks off', async () => {
    const id = await place();
    await market.pay(id);
    market.simulator.faults.plan({ kind: 'reset_after', endpoint: 'refunds.create', count: 1 });
    await market.shop.call('cancel_order', { order_id: id, reason: 'changed my mind' });
    await market.becomes(id, { refund_state: 'refunded' });
    expect(await market.moved(id)).toEqual(['charged 3600', 'refunded 3600']);
  });
});
