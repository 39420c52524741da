import { describe, expect, it } from '@jest/globals';
import Stripe from 'stripe';
import { failureOf, running, stripeFor, VISA } from './running.ts';

describe('a payment intent', () => {
  it('is made, confirmed, and has taken the money', async () => {
    const simulator = await running();
    const stripe = stripeFor(simulator);
    const made = await stripe.paymentIntents.create({ ...VISA, metadata: { operation_id: 'op' } });
    expect(made).toMatchObject({
      object: 'payment_intent',
      amount: 2_000,
      amount_received: 0,
      currency: 'usd',
      livemode: false,
      metadata: { operation_id: 'op' },
      status: 'requires_confirmation',
    });
    const confirmed = await stripe.paymentIntents.confirm(made.id, { error_on_requires_action: true });
    expect(confirmed).toMatchObject({ status: 'succeeded', amount_received: 2_000, amount_capturable: 0 });
    expect(await stripe.paymentIntents.retrieve(made.id)).toEqual({ ...confirmed });
    expect(simulator.effects({ kind: 'charged', metadata: { operation_id: 'op' } })).toHaveLength(1);
    expect(simulator.ledger().totals).toEqual({ usd: { captured: 2_000, refunded: 0 } });
  });

  it('echoes the version and names each request', async () => {
    const stripe = stripeFor(await running());
    const { lastResponse } = await stripe.paymentIntents.create(VISA);
    expect(lastResponse).toMatchObject({
      apiVersion: Stripe.API_VERSION,
      requestId: expect.stringMatching(/^req_\w{24}$/),
    });
  });

  it('holds the money and captures a part of it; the rest is let go', async () => {
    const simulator = await running();
    const stripe = stripeFor(simulator);
    const { id, status, amount_capturable } = await stripe.paymentIntents.create({
      ...VISA,
      capture_method: 'manual',
      confirm: true,
    });
    expect({ status, amount_capturable }).toEqual({ status: 'requires_capture', amount_capturable: 2_000 });
    const tooMuch = await failureOf(stripe.paymentIntents.capture(id, { amount_to_capture: 2_001 }));
    expect(tooMuch).toMatchObject({ type: 'StripeInvalidRequestError', code: 'amount_too_large' });

    expect(await stripe.paymentIntents.capture(id, { amount_to_capture: 1_500 })).toMatchObject({
      status: 'succeeded',
      amount_received: 1_500,
      amount_capturable: 0,
    });
    expect(await failureOf(stripe.paymentIntents.capture(id))).toMatchObject({
      code: 'payment_intent_unexpected_state',
      statusCode: 400,
    });
    expect(simulator.effects({ payment_intent: id }).map(({ kind, amount }) => [kind, amount])).toEqual([
      ['intent_created', 2_000],
      ['authorized', 2_000],
      ['captured', 1_500],
    ]);
  });

  it('is cancelled once, and never after it has succeeded', async () => {
    const stripe = stripeFor(await running());
    const held = await stripe.paymentIntents.create({ ...VISA, capture_method: 'manual', confirm: true });
    expect(await stripe.paymentIntents.cancel(held.id, { cancellation_reason: 'abandoned' })).toMatchObject({
      status: 'canceled',
      amount_capturable: 0,
      cancellation_reason: 'abandoned',
    });
    const paid = await stripe.paymentIntents.create({ ...VISA, confirm: true });
    for (const { id } of [held, paid])
      expect(await failureOf(stripe.paymentIntents.cancel(id))).toMatchObject({
        code: 'payment_intent_unexpected_state',
      });
    expect(await failureOf(stripe.paymentIntents.confirm(paid.id))).toMatchObject({
      code: 'payment_intent_unexpected_state',
    });
  });

  it.each([
    ['pm_card_visa_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_visa_chargeDeclinedLostCard', 'card_declined', 'lost_card'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', ''],
    ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc', ''],
    ['pm_card_authenticationRequired', 'authentication_required', 'authentication_required'],
  ])('is declined with %s, and may be paid otherwise then', async (payment_method, code, decline_code) => {
    const simulator = await running();
    const stripe = stripeFor(simulator);
    const { id } = await stripe.paymentIntents.create({ ...VISA, payment_method });
    const error = await failureOf(stripe.paymentIntents.confirm(id, { error_on_requires_action: true }));
    expect(error).toMatchObject({ type: 'StripeCardError', statusCode: 402, code, decline_code });
    expect(error.payment_intent).toMatchObject({ id, status: 'requires_payment_method' });
    expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({
      status: 'requires_payment_method',
      payment_method: null,
      last_payment_error: { code },
    });
    expect(await failureOf(stripe.paymentIntents.confirm(id))).toMatchObject({
      code: 'payment_intent_unexpected_state',
    });
    expect(simulator.ledger().totals).toEqual({ usd: { captured: 0, refunded: 0 } });
    await stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' });
    expect(simulator.ledger().totals).toEqual({ usd: { captured: 2_000, refunded: 0 } });
  });

  it('waits for the card holder where the bank wants it so', async () => {
    const stripe = stripeFor(await running());
    expect(
      await stripe.paymentIntents.create({
        ...VISA,
        payment_method: 'pm_card_threeDSecure2Required',
        confirm: true,
      }),
    ).toMatchObject({ status: 'requires_action', next_action: { type: 'use_stripe_sdk' } });
  });

  it.each([
    [{ amount: 49 }, 'amount_too_small', 'amount'],
    [{ amount: 100_000_000 }, 'amount_too_large', 'amount'],
    [{ amount: 0 }, 'parameter_invalid_integer', 'amount'],
    [{ amount: 1.5 }, 'parameter_invalid_integer', 'amount'],
    [{ currency: 'xyz' }, 'invalid_currency', 'currency'],
    [{ currency: 'kwd', amount: 1_001 }, undefined, 'amount'],
    [{ currency: 'isk', amount: 150 }, undefined, 'amount'],
    [{ payment_method: 'pm_unknown' }, 'resource_missing', 'payment_method'],
    [{ allowed_payment_method_types: ['sepa_debit'] }, undefined, 'allowed_payment_method_types'],
    [{ metadata: { a: 'x'.repeat(501) } }, undefined, 'metadata'],
    [{ capture_method: 'later' }, undefined, 'capture_method'],
    [{ surprise: 'yes' }, 'parameter_unknown', 'surprise'],
  ])('is refused with %j', async (wrong, code, param) => {
    const simulator = await running();
    const error = await failureOf(stripeFor(simulator).paymentIntents.create({ ...VISA, ...wrong }));
    expect(error).toMatchObject({ type: 'StripeInvalidRequestError', statusCode: 400, param });
    expect(error.code).toBe(code);
    expect(simulator.effects()).toEqual([]);
  });

  it('needs an amount', async () => {
    const stripe = stripeFor(await running());
    const error = await failureOf(
      stripe.paymentIntents.create({ currency: 'usd' } as Stripe.PaymentIntentCreateParams),
    );
    expect(error).toMatchObject({ code: 'parameter_missing', param: 'amount' });
  });

  it('is listed in pages, the newest first', async () => {
    const stripe = stripeFor(await running());
    const ids: string[] = [];
    for (let made = 0; made < 5; made += 1) ids.unshift((await stripe.paymentIntents.create(VISA)).id);
    const all = await stripe.paymentIntents.list({ limit: 2 }).autoPagingToArray({ limit: 100 });
    expect(all.map(({ id }) => id)).toEqual(ids);
    const before = await stripe.paymentIntents.list({ limit: 2, ending_before: ids[3]! });
    expect(before).toMatchObject({ has_more: true, data: [{ id: ids[1] }, { id: ids[2] }] });
    expect(await failureOf(stripe.paymentIntents.list({ limit: 101 }))).toMatchObject({ param: 'limit' });
    expect(await failureOf(stripe.paymentIntents.list({ starting_after: 'pi_no' }))).toMatchObject({
      code: 'resource_missing',
    });
  });

  it('cannot be found if there is none', async () => {
    const stripe = stripeFor(await running());
    expect(await failureOf(stripe.paymentIntents.retrieve('pi_no'))).toMatchObject({
      code: 'resource_missing',
      statusCode: 404,
    });
  });
});

describe('a refund', () => {
  it('gives back in parts what was captured, and no more', async () => {
    const simulator = await running();
    const stripe = stripeFor(simulator);
    const { id } = await stripe.paymentIntents.create({ ...VISA, confirm: true });
    const first = await stripe.refunds.create({
      payment_intent: id,
      amount: 500,
      metadata: { operation_id: 'pop_1' },
    });
    expect(first).toMatchObject({ object: 'refund', amount: 500, status: 'succeeded', payment_intent: id });
    expect(await failureOf(stripe.refunds.create({ payment_intent: id, amount: 1_501 }))).toMatchObject({
      type: 'StripeInvalidRequestError',
      param: 'amount',
    });
    const rest = await stripe.refunds.create({ payment_intent: id });
    expect(rest.amount).toBe(1_500);
    expect(await failureOf(stripe.refunds.create({ payment_intent: id }))).toMatchObject({
      code: 'charge_already_refunded',
    });

    const { data } = await stripe.refunds.list({ payment_intent: id });
    expect(data.map((refund) => refund.id)).toEqual([rest.id, first.id]);
    expect(await stripe.refunds.retrieve(first.id)).toMatchObject({ metadata: { operation_id: 'pop_1' } });
    expect(simulator.effects({ kind: 'refunded', metadata: { operation_id: 'pop_1' } })).toHaveLength(1);
    expect(simulator.ledger().totals).toEqual({ usd: { captured: 2_000, refunded: 2_000 } });
  });

  it('may name the charge', async () => {
    const simulator = await running();
    const stripe = stripeFor(simulator);
    const { latest_charge: charge, id } = await stripe.paymentIntents.create({ ...VISA, confirm: true });
    await stripe.refunds.create({ charge: charge as string });
    expect(await stripe.refunds.list({ charge: charge as string })).toMatchObject({
      data: [{ payment_intent: id }],
    });
  });

  it('needs something to refund', async () => {
    const stripe = stripeFor(await running());
    const held = await stripe.paymentIntents.create({ ...VISA, capture_method: 'manual', confirm: true });
    const refusals = [
      [{ payment_intent: held.id }, undefined],
      [{ payment_intent: 'pi_no' }, 'resource_missing'],
      [{ charge: 'ch_no' }, 'resource_missing'],
      [{}, 'parameter_missing'],
    ] as const;
    for (const [params, code] of refusals)
      expect((await failureOf(stripe.refunds.create(params))).code).toBe(code);
    expect(await failureOf(stripe.refunds.retrieve('re_no'))).toMatchObject({ code: 'resource_missing' });
  });
});

describe('the door', () => {
  it.each([['sk_live_abc'], ['nonsense']])('does not open to %s', async (key) => {
    const { host, port } = await running();
    const stripe = new Stripe(key, { host, port, protocol: 'http' });
    expect(await failureOf(stripe.paymentIntents.create(VISA))).toMatchObject({
      type: 'StripeAuthenticationError',
    });
  });

  it('knows nothing else of the API', async () => {
    const stripe = stripeFor(await running());
    expect(await failureOf(stripe.customers.list())).toMatchObject({ statusCode: 404 });
  });

  it('takes no endless bodies', async () => {
    const simulator = await running();
    const stripe = stripeFor(simulator);
    const description = 'x'.repeat(2_000_000);
    await expect(stripe.paymentIntents.create({ ...VISA, description })).rejects.toThrow();
    expect(simulator.effects()).toEqual([]);
  });
});
