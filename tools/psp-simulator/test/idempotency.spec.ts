import { describe, expect, it } from '@jest/globals';
import { failureOf, running, stripeFor, VISA } from './running.ts';

const PAID = { ...VISA, confirm: true };

describe('an idempotency key', () => {
  it('answers the second time what it has answered the first time, without doing it again', async () => {
    const simulator = await running();
    const stripe = stripeFor(simulator);
    const first = await stripe.paymentIntents.create(PAID, { idempotencyKey: 'k' });
    await stripe.refunds.create({ payment_intent: first.id });
    const { lastResponse, ...second } = await stripe.paymentIntents.create(PAID, { idempotencyKey: 'k' });
    expect(second).toEqual({ ...first });
    expect(lastResponse.headers).toMatchObject({
      'idempotent-replayed': 'true',
      'original-request': first.lastResponse.requestId,
      'idempotency-key': 'k',
    });
    expect(simulator.effects({ kind: 'charged', idempotency_key: 'k' })).toHaveLength(1);
  });

  it('keeps errors of what was executed', async () => {
    const simulator = await running();
    const stripe = stripeFor(simulator);
    const { id } = await stripe.paymentIntents.create({ ...VISA, payment_method: 'pm_card_chargeDeclined' });
    const confirm = () => failureOf(stripe.paymentIntents.confirm(id, {}, { idempotencyKey: 'k' }));
    const [first, second] = [await confirm(), await confirm()];
    expect(second).toMatchObject({ type: 'StripeCardError', charge: first.charge });
    expect(second.headers).toMatchObject({ 'idempotent-replayed': 'true' });
    expect(simulator.effects({ kind: 'declined' })).toHaveLength(1);
  });

  it('keeps nothing of what was wrong before it began', async () => {
    const simulator = await running();
    const stripe = stripeFor(simulator);
    const create = () => stripe.paymentIntents.create(PAID, { idempotencyKey: 'k' });
    await failureOf(stripe.paymentIntents.create({ ...PAID, amount: 1 }, { idempotencyKey: 'k' }));
    simulator.faults.plan({ kind: 'rate_limited', count: 1 }, { kind: 'error_before', count: 1 });
    await failureOf(create());
    await failureOf(create());
    expect(await create()).toMatchObject({ status: 'succeeded' });
  });

  it('is refused for anything else', async () => {
    const stripe = stripeFor(await running());
    const { id } = await stripe.paymentIntents.create(PAID, { idempotencyKey: 'k' });
    const others = [
      stripe.paymentIntents.create({ ...PAID, amount: 2_001 }, { idempotencyKey: 'k' }),
      stripe.refunds.create({ payment_intent: id }, { idempotencyKey: 'k' }),
    ];
    for (const other of others)
      expect(await failureOf(other)).toMatchObject({ type: 'StripeIdempotencyError', statusCode: 400 });
    expect(
      await failureOf(stripe.paymentIntents.create(PAID, { idempotencyKey: 'k'.repeat(256) })),
    ).toMatchObject({ type: 'StripeIdempotencyError' });
  });

  it('is in use while the first request runs', async () => {
    const simulator = await running();
    const stripe = stripeFor(simulator);
    simulator.faults.plan({ kind: 'latency', milliseconds: 300, count: 1 });
    const both = await Promise.allSettled(
      [1, 2].map(() => stripe.paymentIntents.create(PAID, { idempotencyKey: 'k' })),
    );
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { statusCode: 409, code: 'idempotency_key_in_use' },
    });
    expect(simulator.effects({ kind: 'charged' })).toHaveLength(1);
  });

  it('is forgotten with time', async () => {
    const simulator = await running();
    const stripe = stripeFor(simulator);
    await stripe.paymentIntents.create(PAID, { idempotencyKey: 'k' });
    simulator.forgetIdempotencyKeys();
    await stripe.paymentIntents.create(PAID, { idempotencyKey: 'k' });
    expect(simulator.effects({ kind: 'charged', idempotency_key: 'k' })).toHaveLength(2);
  });
});
