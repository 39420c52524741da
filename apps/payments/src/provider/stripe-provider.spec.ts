import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startSimulator, type Simulator } from '@gantry/psp-simulator';
import { command, eur, failureOf, held, made, paid, providerOf } from '../../test/stripe.ts';
import type { NewIntent } from './payment-provider.ts';
import { ProviderDeclined, ProviderOutcomeUnknown, ProviderStateConflict } from './provider-failures.ts';
import type { StripeProvider } from './stripe-provider.ts';

let simulator: Simulator;
let provider: StripeProvider;

beforeEach(async () => {
  simulator = await startSimulator();
  provider = providerOf(simulator.url);
});

afterEach(() => simulator.close());

describe('a payment through Stripe', () => {
  it('is made, confirmed, and partly refunded', async () => {
    const intent = await made(provider);
    const common = { id: intent.id, money: eur(2_000) };
    expect(intent).toEqual({
      ...common,
      status: 'requires_confirmation',
      amountCapturable: 0,
      amountCaptured: 0,
    });
    const captured = { ...common, status: 'captured', amountCapturable: 0, amountCaptured: 2_000 };
    expect(await provider.confirm(intent.id, command())).toEqual(captured);
    expect(await provider.retrieve(intent.id, {})).toEqual(captured);

    const refund = await provider.refund(
      { operationId: 'pop_2', intentId: intent.id, money: eur(700) },
      command(),
    );
    expect(refund).toMatchObject({ intentId: intent.id, status: 'succeeded', money: eur(700) });
    expect(await provider.findRefund(intent.id, 'pop_2', {})).toEqual(refund);
    expect(await provider.findRefund(intent.id, 'pop_3', {})).toBeUndefined();
    expect(simulator.effects({ metadata: { operation_id: 'pop_1', tenant: 'acme' } })).toHaveLength(2);
    expect(simulator.ledger().totals).toEqual({ eur: { captured: 2_000, refunded: 700 } });
  });

  it('is held, then captured in part or cancelled', async () => {
    const first = await held(provider);
    expect(first).toMatchObject({ status: 'authorized', amountCapturable: 2_000, amountCaptured: 0 });
    expect(await provider.capture(first.id, eur(1_200), command())).toMatchObject({
      status: 'captured',
      amountCapturable: 0,
      amountCaptured: 1_200,
    });
    const second = await held(provider);
    expect(await provider.cancel(second.id, command())).toMatchObject({
      status: 'cancelled',
      amountCapturable: 0,
    });
  });

  it('finds one refund among many', async () => {
    const { id: intentId } = await paid(provider);
    for (let refund = 0; refund < 101; refund += 1)
      await provider.refund({ operationId: `pop_${refund}`, intentId, money: eur(1) }, command());
    expect(await provider.findRefund(intentId, 'pop_0', {})).toMatchObject({ money: eur(1) });
  });

  it('is counted in our units, whatever Stripe counts in', async () => {
    for (const [amount, currency, atStripe] of [
      [150, 'ISK', 15_000],
      [500, 'JPY', 500],
      [10_000, 'MGA', 100],
      [1_230, 'KWD', 1_230],
    ] as const) {
      const { id } = await made(provider, { money: { amount, currency } });
      expect(await provider.confirm(id, command())).toMatchObject({
        money: { amount, currency },
        amountCaptured: amount,
      });
      expect(simulator.ledger().payment_intents.at(-1)).toMatchObject({ amount: atStripe });
    }
  });

  it.each([
    ['pm_card_visa_chargeDeclined', 'card_declined'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
    ['pm_card_chargeDeclinedExpiredCard', 'card_expired'],
    ['pm_card_chargeDeclinedIncorrectCvc', 'payment_method_invalid'],
    ['pm_card_authenticationRequired', 'authentication_required'],
    ['pm_card_visa_chargeDeclinedStolenCard', 'card_declined'],
    ['pm_card_chargeDeclinedProcessingError', 'card_declined'],
  ] as const)('is declined with %s as %s, now and when it is asked for', async (paymentMethod, code) => {
    const { id } = await made(provider, { paymentMethod });
    const error = await failureOf(provider.confirm(id, command()));
    expect(error).toBeInstanceOf(ProviderDeclined);
    expect(error).toMatchObject({ code, isFinal: true });
    expect(await provider.retrieve(id, {})).toMatchObject({
      status: 'declined',
      declineCode: code,
      amountCaptured: 0,
    });
    expect(simulator.effects({ kind: 'charged' })).toEqual([]);
  });

  it.each<[Partial<NewIntent>, string]>([
    [{ paymentMethod: 'pm_unknown' }, 'payment_method_invalid'],
    [{ paymentMethod: '4242424242424242' }, 'payment_method_invalid'],
    [{ money: eur(1) }, 'amount_not_accepted'],
    [{ money: eur(100_000_000) }, 'amount_not_accepted'],
    [{ money: { amount: 1_001, currency: 'KWD' } }, 'amount_not_accepted'],
    [{ money: { amount: 1_001, currency: 'MGA' } }, 'amount_not_accepted'],
    [{ money: { amount: 1_000, currency: 'XYZ' } }, 'currency_not_supported'],
    [{ metadata: { note: 'x'.repeat(501) } }, 'request_refused'],
  ])('is not made with %j', async (wrong, code) => {
    const error = await failureOf(made(provider, wrong));
    expect(error).toBeInstanceOf(ProviderDeclined);
    expect(error).toMatchObject({ code });
    expect(simulator.effects()).toEqual([]);
  });

  it('never takes or gives back too much', async () => {
    const { id } = await held(provider);
    expect(await failureOf(provider.capture(id, eur(2_001), command()))).toMatchObject({
      code: 'amount_exceeds_authorized',
    });
    await provider.capture(id, eur(1_000), command());
    const refund = (amount: number) =>
      provider.refund({ operationId: 'pop_2', intentId: id, money: eur(amount) }, command());
    expect(await failureOf(refund(1_001))).toMatchObject({ code: 'amount_exceeds_captured' });
    await refund(1_000);
    expect(await failureOf(refund(1))).toMatchObject({ code: 'amount_exceeds_captured' });
    expect(simulator.ledger().totals).toEqual({ eur: { captured: 1_000, refunded: 1_000 } });
  });

  it('that has moved on is to be asked for, not to be failed', async () => {
    const { id } = await paid(provider);
    for (const again of [
      provider.confirm(id, command()),
      provider.capture(id, eur(1), command()),
      provider.cancel(id, command()),
    ]) {
      const error = await failureOf(again);
      expect(error).toBeInstanceOf(ProviderStateConflict);
      expect(error).toBeInstanceOf(ProviderOutcomeUnknown);
    }
  });
});
