import { describe, expect, it } from '@jest/globals';
import type { FaultPlan } from '../src/index.ts';
import { failureOf, running, stripeFor, VISA } from './running.ts';

/** The SDK itself repeats a request once when its connection is closed, so such faults are played twice. */
const TWICE = { count: 2 };

describe('a planned fault', () => {
  it.each<[FaultPlan, object, number]>([
    [{ kind: 'reset_before', ...TWICE }, { type: 'StripeConnectionError' }, 0],
    [{ kind: 'reset_after', ...TWICE }, { type: 'StripeConnectionError' }, 1],
    [{ kind: 'error_before', count: 1, status: 503 }, { type: 'StripeAPIError', statusCode: 503 }, 0],
    [{ kind: 'error_after', count: 1 }, { type: 'StripeAPIError', statusCode: 500 }, 1],
    [{ kind: 'hang_before', count: 1 }, { type: 'StripeConnectionError' }, 0],
    [{ kind: 'hang_after', count: 1 }, { type: 'StripeConnectionError' }, 1],
    [
      { kind: 'rate_limited', count: 1, retryAfterSeconds: 7 },
      { type: 'StripeRateLimitError', headers: { 'retry-after': '7' } },
      0,
    ],
    [{ kind: 'lock_timeout', count: 1 }, { type: 'StripeRateLimitError', code: 'lock_timeout' }, 0],
  ])('%j is seen as %j, with %d charge', async (fault, seen, charges) => {
    const simulator = await running();
    const stripe = stripeFor(simulator);
    const { id } = await stripe.paymentIntents.create(VISA);
    simulator.faults.plan({ ...fault, endpoint: 'payment_intents.confirm' });
    const options = { idempotencyKey: 'k', timeout: 400 };
    expect(await failureOf(stripe.paymentIntents.confirm(id, {}, options))).toMatchObject(seen);
    expect(simulator.effects({ kind: 'charged' })).toHaveLength(charges);
    expect(simulator.faults.planned).toEqual([]);
    // The truth is there for who asks for it.
    expect((await stripe.paymentIntents.retrieve(id)).status).toBe(
      charges === 1 ? 'succeeded' : 'requires_confirmation',
    );
  });

  it('that comes after the effect leaves its error as the answer of the key', async () => {
    const simulator = await running();
    const stripe = stripeFor(simulator);
    simulator.faults.plan({ kind: 'error_after', count: 1 });
    const create = () => stripe.paymentIntents.create(VISA, { idempotencyKey: 'k' });
    await failureOf(create());
    expect(await failureOf(create())).toMatchObject({
      statusCode: 500,
      headers: { 'idempotent-replayed': 'true' },
    });
  });

  it('takes effect late if the client has gone meanwhile', async () => {
    const simulator = await running();
    const stripe = stripeFor(simulator);
    const { id } = await stripe.paymentIntents.create(VISA);
    simulator.faults.plan({ kind: 'latency', milliseconds: 500, endpoint: 'payment_intents.confirm' });
    await failureOf(stripe.paymentIntents.confirm(id, {}, { timeout: 100 }));
    expect((await stripe.paymentIntents.retrieve(id)).status).toBe('requires_confirmation');
    while (simulator.effects({ kind: 'charged' }).length === 0)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await stripe.paymentIntents.retrieve(id)).status).toBe('succeeded');
  });

  it('leaves other endpoints alone, and is gone when it is cleared', async () => {
    const simulator = await running();
    const stripe = stripeFor(simulator);
    simulator.faults.plan({ kind: 'error_before', endpoint: 'refunds.list' });
    await stripe.paymentIntents.create(VISA);
    await failureOf(stripe.refunds.list());
    simulator.faults.clear();
    expect(await stripe.refunds.list()).toMatchObject({ data: [] });
  });

  it('hits by chance, and the same requests by the same seed', async () => {
    const hits = async (seed: number) => {
      const simulator = await running({ seed });
      const stripe = stripeFor(simulator);
      simulator.faults.plan({ kind: 'error_before', probability: 0.5 });
      const settled = [];
      for (let call = 0; call < 20; call += 1)
        settled.push(
          await stripe.refunds.list().then(
            () => 0,
            () => 1,
          ),
        );
      return settled;
    };
    const first = await hits(7);
    expect(first).toContain(0);
    expect(first).toContain(1);
    expect(await hits(7)).toEqual(first);
    expect(await hits(8)).not.toEqual(first);
  });

  it('must be one that there is', async () => {
    const simulator = await running();
    expect(() => simulator.faults.plan({ kind: 'earthquake' } as unknown as FaultPlan)).toThrow();
  });
});
