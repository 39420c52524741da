import { describe, expect, it } from '@jest/globals';
import { failureOf, running, stripeFor, VISA } from './running.ts';

describe('the settlement report', () => {
  it('has all of a hold that is captured in part, and the rest given back', async () => {
    const simulator = await running();
    const stripe = stripeFor(simulator);
    for (const amount of [2_000, 1_500]) {
      const { id } = await stripe.paymentIntents.create({ ...VISA, capture_method: 'manual', confirm: true });
      await stripe.paymentIntents.capture(id, { amount_to_capture: amount });
    }
    expect(columns(simulator.settlementCsv(), 'reporting_category', 'gross')).toEqual([
      ['charge', '20.00'],
      ['charge', '20.00'],
      ['partial_capture_reversal', '-5.00'],
    ]);
  });

  it.each([
    ['eur', 1_234, '12.34'],
    ['eur', 50, '0.50'],
    ['jpy', 1_234, '1234.00'],
    ['mga', 1_234, '1234.00'],
    ['isk', 1_200, '12.00'],
    ['kwd', 1_230, '1.230'],
  ])('writes %s %i in major units: %s', async (currency, amount, gross) => {
    const simulator = await running();
    await stripeFor(simulator).paymentIntents.create({ ...VISA, currency, amount, confirm: true });
    expect(columns(simulator.settlementCsv(), 'currency', 'gross')).toEqual([[currency, gross]]);
  });
});

describe('a refund that comes back', () => {
  it('is money that was not given back, in the books, the report and a webhook', async () => {
    const simulator = await running({
      webhook: { url: 'http://127.0.0.1:1/', secret: 'whsec', retryMs: [] },
    });
    simulator.webhooks.behave({ hold: true });
    const stripe = stripeFor(simulator);
    const { id } = await stripe.paymentIntents.create({ ...VISA, confirm: true });
    const refund = await stripe.refunds.create({ payment_intent: id, metadata: { operation_id: 'pop_1' } });
    const failed = await fetch(`${simulator.url}/_simulator/refunds/fail`, {
      method: 'POST',
      body: JSON.stringify({ refund: refund.id }),
      headers: { 'content-type': 'application/json' },
    });
    expect(await failed.json()).toMatchObject({ id: refund.id, status: 'failed' });
    expect(await stripe.refunds.retrieve(refund.id)).toMatchObject({ status: 'failed' });
    expect(simulator.ledger().totals).toEqual({ usd: { captured: 2_000, refunded: 0 } });
    expect(simulator.effects({ kind: 'refund_failed', metadata: { operation_id: 'pop_1' } })).toHaveLength(1);
    expect(simulator.webhooks.held.at(-1)).toMatchObject({
      type: 'refund.failed',
      request: { id: null, idempotency_key: null },
    });
    const report = columns(simulator.settlementCsv(), 'reporting_category', 'source_id', 'gross');
    expect(report.slice(1)).toEqual([
      ['refund', refund.id, '-20.00'],
      ['refund_failure', refund.id, '20.00'],
    ]);
    expect(() => simulator.failRefund(refund.id)).toThrow(/failed already/);
    expect(() => simulator.failRefund('re_none')).toThrow(/re_none/);
    // What came back can be refunded again.
    await stripe.refunds.create({ payment_intent: id, amount: 2_000 });
    expect((await failureOf(stripe.refunds.create({ payment_intent: id }))).code).toBe(
      'charge_already_refunded',
    );
  });
});

function columns(csv: string, ...names: string[]): string[][] {
  const [header, ...lines] = csv.trimEnd().split('\n');
  const at = names.map((name) => header!.split(',').indexOf(name));
  return lines.map((line) => at.map((index) => line.split(',')[index]!));
}
