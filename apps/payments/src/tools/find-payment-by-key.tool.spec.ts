import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { key, TEN } from '../../test/examples.ts';
import { startPayments, type RunningPayments } from '../../test/running-payments.ts';

let the: RunningPayments;
beforeAll(async () => {
  the = await startPayments();
}, 60_000);
afterAll(() => the?.stop());

describe('find_payment_by_key', () => {
  it('tells what was begun with a key, by one principal', async () => {
    const idempotency_key = key();
    const { id } = await the.make('process_payment', { idempotency_key });
    const asked = { key: idempotency_key };
    const { output } = await the.call('find_payment_by_key', asked);
    expect(output['items']).toMatchObject([
      { tool: 'process_payment', status: 'succeeded', payment: { id } },
    ]);
    const token = await the.token({ subject: 'bob' });
    expect((await the.call('find_payment_by_key', asked, { token })).output['items']).toEqual([]);
    expect((await the.call('find_payment_by_key', { key: key() })).output['items']).toEqual([]);
  });

  it('tells why it was refused, and what has not ended', async () => {
    const idempotency_key = key();
    await the.call('process_payment', { ...TEN, payment_method: 'pm_card_chargeDeclined', idempotency_key });
    the.simulator.faults.plan({ kind: 'rate_limited', count: 3, retryAfterSeconds: 0 });
    await the.call('authorize_payment', { ...TEN, idempotency_key });
    const { output } = await the.call('find_payment_by_key', { key: idempotency_key });
    expect(output['items']).toMatchObject([
      { tool: 'process_payment', status: 'refused', error_code: 'card_declined' },
      { tool: 'authorize_payment', status: 'under_way', payment: { state: 'processing' } },
    ]);
  });
});
