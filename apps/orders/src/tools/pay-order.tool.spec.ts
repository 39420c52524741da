import { businessError, sharedError } from '@gantry/errors';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ScriptedMarket } from '../../test/scripted-market.ts';
import { key } from '../../test/shop.ts';

let market: ScriptedMarket;
beforeAll(async () => {
  market = await ScriptedMarket.open();
}, 60_000);
afterAll(() => market?.close());

const place = async () => ((await market.shop.place()) as { id: string }).id;
const pay = (order_id: string, different: Record<string, unknown> = {}, how?: { token: string }) =>
  market.shop.call(
    'pay_order',
    { order_id, payment_method: 'pm_card_visa', idempotency_key: key(), ...different },
    how,
  );

describe('pay_order', () => {
  it('asks payments for all of the order, by a key that is made of the order and the attempt', async () => {
    const id = await place();
    market.payments.answers(ScriptedMarket.captured());
    expect((await pay(id)).output).toMatchObject({ id, state: 'paid' });
    expect(market.payments.asked).toEqual([
      {
        tool: 'process_payment',
        args: {
          amount: 3_600,
          currency: 'EUR',
          payment_method: 'pm_card_visa',
          reference: id,
          description: `Order ${id}`,
          idempotency_key: `${id}-attempt-1`,
        },
      },
    ]);
  });

  it('asks with the same key for the same attempt, and with another for the next', async () => {
    const id = await place();
    const args = { idempotency_key: key() };
    market.payments.answers(sharedError('dependency_unavailable', 'Away.', { retryAfterSeconds: 600 }));
    expect((await pay(id, args)).error).toMatchObject({
      code: 'dependency_unavailable',
      retry_after_seconds: 600,
    });
    const declined = businessError('card_declined', 'No.', 'Other card.', {
      details: { payment_id: 'pay_1' },
    });
    market.payments.answers(declined);
    expect((await pay(id, args)).error).toMatchObject({
      code: 'payment_declined',
      details: { reason: 'card_declined', payment_id: 'pay_1' },
    });
    expect(market.payments.asked.map((call) => call.args['idempotency_key'])).toEqual([`${id}-attempt-1`]);
    market.payments.answers(ScriptedMarket.captured());
    expect((await pay(id)).output).toMatchObject({ state: 'paid', payment_attempt: 2 });
    expect(market.payments.asked.map((call) => call.args['idempotency_key'])).toEqual([`${id}-attempt-2`]);
  });

  it('asks nobody again for what is known', async () => {
    const id = await place();
    const args = { idempotency_key: key() };
    market.payments.answers(businessError('brand_new_refusal', 'No.', 'No.'));
    const first = await pay(id, args);
    expect(first.error).toMatchObject({
      code: 'payment_declined',
      details: { reason: 'brand_new_refusal' },
      error: expect.stringContaining('(brand_new_refusal)'),
    });
    market.payments.answers(ScriptedMarket.captured());
    expect(await pay(id, args)).toMatchObject({ error: first.error, meta: { idempotent_replay: true } });
    expect(market.payments.asked).toEqual([]);
  });

  it.each<[string, object]>([
    ['holds the money only', { state: 'authorized', amount_captured: 0 }],
    ['took another amount', { amount_captured: 3_599 }],
    ['took another currency', { currency: 'USD' }],
  ])('believes nobody who %s', async (_, different) => {
    const id = await place();
    market.payments.answers(ScriptedMarket.captured(different));
    expect((await pay(id)).error).toMatchObject({ code: 'dependency_unavailable' });
    expect(await market.shop.look(id)).toMatchObject({ state: 'payment_pending' });
  });

  it.each([
    ['may not', sharedError('permission_denied', 'No.')],
    ['is too fast', sharedError('rate_limited', 'No.', { retryAfterSeconds: 60 })],
    ['used the key before', sharedError('idempotency_conflict', 'No.')],
  ])('takes a no because this service %s for no answer', async (_, refusal) => {
    const id = await place();
    market.payments.answers(refusal);
    expect((await pay(id)).error).toMatchObject({ code: 'dependency_unavailable' });
    expect(await market.shop.look(id)).toMatchObject({ state: 'payment_pending' });
  });

  it('ends an attempt whose input payments will never take', async () => {
    const id = await place();
    market.payments.answers(sharedError('validation_error', 'No.'));
    expect((await pay(id)).error).toMatchObject({ code: 'payment_declined' });
    expect(await market.shop.look(id)).toMatchObject({
      state: 'payment_failed',
      payment_error: 'validation_error',
    });
  });

  it.each([
    ['a card number', 'pm_4242424242424242'],
    ['something that is no token', 'visa'],
  ])('takes no %s', async (_, payment_method) => {
    const id = await place();
    const { error } = await pay(id, { payment_method });
    expect(error).toMatchObject({
      code: 'validation_error',
      details: { issues: [{ path: '/payment_method' }] },
    });
    expect(JSON.stringify(error)).not.toContain('4242');
  });

  it('is for those who may write, and for orders that there are', async () => {
    const id = await place();
    const token = await market.shop.running.token({ scopes: ['orders:read'] });
    expect(await pay(id, {}, { token })).toMatchObject({ status: 403 });
    const unknown = 'ord_00000000000000000000000000';
    expect((await pay(unknown)).error).toMatchObject({ code: 'order_not_found' });
    const elsewhere = await market.shop.running.token({ tenant: 'globex' });
    expect((await pay(id, {}, { token: elsewhere })).error).toMatchObject({ code: 'dependency_unavailable' });
  });
});
