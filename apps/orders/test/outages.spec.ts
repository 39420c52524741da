import { waitFor } from '@gantry/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { FindUnfinishedWork } from '../src/workflows/find-unfinished-work.ts';
import { Market } from './market.ts';
import { send } from './raw-call.ts';
import { key } from './shop.ts';

/** Servers that are away, and processes that are killed. Starting one compiles its sources. */
jest.setTimeout(180_000);
let market: Market;
beforeAll(async () => {
  // Short, so that a test does not wait long for a server that is silent.
  const patience = { MCP_REMOTE_PAYMENTS_ATTEMPT_MS: '1500', MCP_REMOTE_PAYMENTS_DEADLINE_MS: '4000' };
  market = await Market.open({}, patience);
}, 120_000);
afterAll(() => market?.close());
afterEach(() => market.simulator.faults.clear());

const place = async () => ((await market.shop.place()) as { id: string }).id;

describe('a payments server that is away', () => {
  it('leaves the order waiting, which is paid once the server is back, without anybody asking', async () => {
    const [before, during] = [await place(), await place()];
    const paid = { idempotency_key: key() };
    await market.pay(before, paid);
    await market.payments.stop();
    const args = { idempotency_key: key() };
    const { error } = await market.pay(during, args);
    expect(error).toMatchObject({
      code: 'dependency_unavailable',
      retryable: true,
      retry_after_seconds: expect.any(Number),
      hint: expect.stringMatching(/get_order.*same idempotency_key/s),
      details: { order_id: during, state: 'payment_pending' },
    });
    expect(await market.shop.look(during)).toMatchObject({ state: 'payment_pending' });
    const cancelled = await market.shop.call('cancel_order', { order_id: during, reason: 'too slow' });
    expect(cancelled.error).toMatchObject({ code: 'order_payment_pending', retryable: true });
    // What was answered before is answered again.
    expect((await market.pay(before, paid)).meta).toMatchObject({ idempotent_replay: true });
    await market.payments.start();
    await market.becomes(during, { state: 'paid' }, 60_000);
    expect(await market.pay(during, args)).toMatchObject({
      output: { state: 'paid' },
      meta: { idempotent_replay: true },
    });
    expect(await market.moved(during)).toEqual(['charged 3600']);
  });

  it('is asked again even if the job was lost', async () => {
    const id = await place();
    market.simulator.faults.plan({ kind: 'rate_limited', retryAfterSeconds: 0 });
    expect((await market.pay(id)).error).toMatchObject({ code: 'dependency_unavailable' });
    expect(await market.loseJobs('unfinished-payment-attempts')).toBe(1);
    market.simulator.faults.clear();
    await waitFor(async () => {
      await market.shop.get(FindUnfinishedWork).run(new AbortController().signal);
      return (await market.shop.look(id))['state'] === 'paid';
    }, 60_000);
    expect(await market.moved(id)).toEqual(['charged 3600']);
  });

  it('is asked again until somebody has approved', async () => {
    const id = await market.orderOf(150_000);
    const { error } = await market.pay(id);
    expect(error).toMatchObject({ code: 'approval_required' });
    const { payment_id } = error!.details as { payment_id: string };
    await market.atPayments('approve_payment', { payment_id, decision: 'approved', idempotency_key: key() });
    await waitFor(async () => {
      await market.shop.get(FindUnfinishedWork).run(new AbortController().signal);
      return (await market.shop.look(id))['state'] === 'paid';
    }, 60_000);
    expect(await market.moved(id)).toEqual(['charged 150000']);
  });

  it('gives no answer later than a caller waits for', async () => {
    const id = await place();
    market.simulator.faults.plan({
      kind: 'latency',
      milliseconds: 8_000,
      endpoint: 'payment_intents.confirm',
    });
    const { error } = await market.pay(id);
    expect(error).toMatchObject({ code: 'dependency_unavailable', retryable: true });
    market.simulator.faults.clear();
    await market.becomes(id, { state: 'paid' }, 60_000);
    expect(await market.moved(id)).toEqual(['charged 3600']);
  });
});

describe('a records server that is away', () => {
  it('keeps no order from being paid; the receipt is written once it is back', async () => {
    await market.records.kill();
    const id = await place();
    expect((await market.pay(id)).output).toMatchObject({ state: 'paid' });
    await market.shop.call('ship_order', { order_id: id });
    await market.records.start();
    const order = await market.receipted(id, 90_000);
    expect(order).toMatchObject({ state: 'shipped' });
    expect(await market.receiptsOf(id)).toMatchObject([{ id: order['receipt_record_id'] }]);
  });
});

describe('a replica that is killed', () => {
  it('between the beginning and the end of a payment leaves the rest to another one', async () => {
    const replica = await market.startReplica();
    const ids = [await place(), await place(), await place()];
    const token = await market.shop.running.token();
    const args = ids.map((order_id) => ({
      order_id,
      payment_method: 'pm_card_visa',
      idempotency_key: key(),
    }));
    market.simulator.faults.plan(
      { kind: 'hang_before', endpoint: 'payment_intents.create', count: 1 },
      { kind: 'hang_after', endpoint: 'payment_intents.confirm', count: 1 },
      { kind: 'latency', milliseconds: 1_000 },
    );
    // Nobody will ever answer these.
    for (const one of args) send(replica.url, token, { name: 'pay_order', args: one }).catch(() => {});
    for (const id of ids) await market.becomes(id, { state: 'payment_pending' });
    await replica.kill();
    market.simulator.faults.clear();
    for (const id of ids) await market.becomes(id, { state: 'paid' }, 90_000);
    for (const id of ids) expect(await market.moved(id)).toEqual(['charged 3600']);
    for (const one of args)
      expect(await market.shop.call('pay_order', one)).toMatchObject({
        output: { state: 'paid' },
        meta: { idempotent_replay: true },
      });
    for (const id of ids) await market.receipted(id, 60_000);
    await replica.close();
  });
});
