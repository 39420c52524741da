import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { key } from '../../test/examples.ts';
import { startPayments, type RunningPayments } from '../../test/running-payments.ts';

let the: RunningPayments;
beforeAll(async () => {
  the = await startPayments();
}, 60_000);
afterAll(() => the?.stop());

const cancel = (payment_id: string, idempotency_key = key()) =>
  the.call('cancel_payment', { payment_id, idempotency_key });

describe('cancel_payment', () => {
  it('lets held money go, once', async () => {
    const { id } = await the.make('authorize_payment');
    const mine = key();
    expect((await cancel(id, mine)).output).toMatchObject({ state: 'cancelled', amount_captured: 0 });
    expect(await cancel(id, mine)).toMatchObject({
      output: { state: 'cancelled' },
      meta: { idempotent_replay: true },
    });
    expect((await cancel(id)).error).toMatchObject({ code: 'payment_not_cancellable' });
    const effects = the.simulator.effects({ kind: 'canceled', metadata: { payment_id: id } });
    expect(effects).toHaveLength(1);
  });

  it('with one key at the same moment for two payments cancels one', async () => {
    const [one, other] = await Promise.all([the.make('authorize_payment'), the.make('authorize_payment')]);
    const mine = key();
    const replies = await Promise.all([cancel(one.id, mine), cancel(other.id, mine)]);
    expect(replies.map(({ error }) => error?.code).sort()).toEqual(['idempotency_conflict', undefined]);
  });

  it('gives no taken money back', async () => {
    const { id } = await the.make('process_payment');
    expect((await cancel(id)).error).toMatchObject({
      code: 'payment_not_cancellable',
      hint: expect.stringContaining('refund_payment'),
    });
  });

  it('is content if the provider has done it before', async () => {
    const { id } = await the.make('authorize_payment');
    await the.cancelAtProvider(id);
    expect((await cancel(id)).output).toMatchObject({ state: 'cancelled' });
  });
});
