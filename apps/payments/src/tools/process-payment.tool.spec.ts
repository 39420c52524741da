import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { key, TEN } from '../../test/examples.ts';
import { startPayments, type RunningPayments } from '../../test/running-payments.ts';

let the: RunningPayments;
beforeAll(async () => {
  the = await startPayments();
}, 60_000);
afterAll(() => the?.stop());

const effects = (payment_id: string) =>
  the.simulator
    .effects({ metadata: { payment_id } })
    .filter(({ kind }) => kind !== 'intent_created')
    .map(({ kind, amount }) => `${kind} ${amount}`);

describe('process_payment', () => {
  it('takes money at once', async () => {
    const payment = await the.make('process_payment', { description: 'Tea', reference: 'order-1' });
    expect(payment).toMatchObject({
      state: 'captured',
      amount_authorized: 1_000,
      amount_captured: 1_000,
      amount_refunded: 0,
      description: 'Tea',
      reference: 'order-1',
    });
    expect(effects(payment.id)).toEqual(['charged 1000']);
  });

  it.each([
    ['pm_card_chargeDeclined', 'card_declined'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
    ['pm_card_chargeDeclinedExpiredCard', 'card_expired'],
    ['pm_card_authenticationRequired', 'authentication_required'],
  ])('refuses %s for good: %s', async (payment_method, code) => {
    const args = { ...TEN, payment_method, idempotency_key: key() };
    const { error } = await the.call('process_payment', args);
    expect(error).toMatchObject({ code, category: 'business_error', retryable: false });
    const again = await the.call('process_payment', args);
    expect(again.error).toEqual(error);
    expect(again.meta).toMatchObject({ idempotent_replay: true });
    const payment_id = error!.details!['payment_id'] as string;
    const { output } = await the.call('get_payment', { payment_id });
    expect(output).toMatchObject({ state: 'declined', decline_code: code });
    expect(effects(payment_id)).toEqual(['declined 1000']);
  });

  it.each([
    ['JPY', 500],
    ['KWD', 1_230],
    ['ISK', 700],
  ])('counts %s in its own minor units', async (currency, amount) => {
    const payment = await the.make('process_payment', { currency, amount });
    expect(payment).toMatchObject({ currency, amount_captured: amount });
  });

  it.each([
    ['too little', { amount: 1 }, 'amount_not_accepted'],
    ['a payment method that nobody knows', { payment_method: 'pm_nobody' }, 'payment_method_invalid'],
  ])('of %s fails without money', async (_, different, code) => {
    const { error } = await the.call('process_payment', { ...TEN, idempotency_key: key(), ...different });
    expect(error).toMatchObject({ code, retryable: false });
    const { output } = await the.call('get_payment', { payment_id: error!.details!['payment_id'] });
    expect(output).toMatchObject({ amount_captured: 0 });
    expect(['failed', 'declined']).toContain(output.state);
  });

  it('is another call with other arguments, whatever the key says', async () => {
    const idempotency_key = key();
    const payment = await the.make('process_payment', { idempotency_key });
    const { error } = await the.call('process_payment', { ...TEN, amount: 999, idempotency_key });
    expect(error).toMatchObject({ code: 'idempotency_conflict', retryable: false });
    const again = await the.call('process_payment', { ...TEN, idempotency_key });
    expect(again).toMatchObject({ output: payment, meta: { idempotent_replay: true } });
  });

  it.each([
    ['no key', { idempotency_key: undefined }, 'idempotency_key_required'],
    ['a fraction', { amount: 10.5 }, 'validation_error'],
    ['nothing', { amount: 0 }, 'validation_error'],
    ['more than there is', { amount: 1e12 }, 'validation_error'],
    ['a currency that is none', { currency: 'XXX' }, 'validation_error'],
    ['something that is no token', { payment_method: 'visa' }, 'validation_error'],
  ])('refuses %s', async (_, different, code) => {
    const { error } = await the.call('process_payment', { ...TEN, idempotency_key: key(), ...different });
    expect(error).toMatchObject({ code });
  });
});
