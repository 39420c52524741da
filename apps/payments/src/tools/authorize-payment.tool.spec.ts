import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { key, TEN } from '../../test/examples.ts';
import { startPayments, type RunningPayments } from '../../test/running-payments.ts';

let the: RunningPayments;
beforeAll(async () => {
  the = await startPayments();
}, 60_000);
afterAll(() => the?.stop());

describe('authorize_payment', () => {
  it('holds money without taking it', async () => {
    const payment = await the.make('authorize_payment');
    expect(payment).toMatchObject({ state: 'authorized', amount_authorized: 1_000, amount_captured: 0 });
    const effects = the.simulator.effects({ metadata: { payment_id: payment.id } });
    expect(effects.map(({ kind }) => kind)).toEqual(['intent_created', 'authorized']);
    const { output } = await the.call('list_ledger_entries', { payment_id: payment.id });
    expect(output['items']).toEqual([]);
  });

  it('is refused when the card is', async () => {
    const args = { ...TEN, payment_method: 'pm_card_chargeDeclined', idempotency_key: key() };
    expect((await the.call('authorize_payment', args)).error).toMatchObject({ code: 'card_declined' });
  });
});
