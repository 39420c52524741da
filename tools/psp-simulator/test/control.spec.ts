import { describe, expect, it } from '@jest/globals';
import { failureOf, running, stripeFor, VISA } from './running.ts';

describe('the control API', () => {
  const control = async (url: string, method: string, path: string, body?: object) => {
    const response = await fetch(`${url}/_simulator${path}`, {
      method,
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    });
    const text = await response.text();
    return { status: response.status, text, json: () => JSON.parse(text) as Record<string, unknown> };
  };

  it('says that the simulator is up', async () => {
    const { url } = await running();
    expect((await control(url, 'GET', '/health')).json()).toEqual({ status: 'up' });
  });

  it('plans faults and forgets them', async () => {
    const simulator = await running();
    const { url } = simulator;
    await control(url, 'POST', '/faults', [{ kind: 'error_before', count: 1 }, { kind: 'rate_limited' }]);
    await control(url, 'POST', '/faults', { kind: 'latency', endpoint: 'refunds.list' });
    expect((await control(url, 'GET', '/faults')).json()).toMatchObject({
      planned: [{ kind: 'error_before' }, { kind: 'rate_limited' }, { endpoint: 'refunds.list' }],
    });
    await failureOf(stripeFor(simulator).refunds.list());
    await control(url, 'DELETE', '/faults');
    expect(simulator.faults.planned).toEqual([]);
  });

  it.each([
    [{ kind: 'error_before', status: 200 }],
    [{ kind: 'error_before', endpoint: 'customers.list' }],
    [{ kind: 'error_before', when: 'now' }],
  ])('refuses the fault %j', async (fault) => {
    const { url } = await running();
    expect((await control(url, 'POST', '/faults', fault)).status).toBe(400);
  });

  it('takes nothing from a web page', async () => {
    const { url, faults } = await running();
    const response = await fetch(`${url}/_simulator/faults`, {
      method: 'POST',
      body: '{"kind":"error_before"}',
      headers: { 'content-type': 'text/plain' },
    });
    expect(response.status).toBe(400);
    expect(faults.planned).toEqual([]);
  });

  it('shows the ledger and what was settled', async () => {
    const simulator = await running();
    const stripe = stripeFor(simulator);
    const { id, latest_charge: charge } = await stripe.paymentIntents.create({ ...VISA, confirm: true });
    const refund = await stripe.refunds.create({ payment_intent: id, amount: 700 });
    await stripe.paymentIntents.create({ ...VISA, capture_method: 'manual', confirm: true });

    expect((await control(simulator.url, 'GET', '/ledger')).json()).toMatchObject({
      totals: { usd: { captured: 2_000, refunded: 700 } },
      refunds: [{ id: refund.id }],
    });
    const lines = (await control(simulator.url, 'GET', '/settlement.csv')).text.trimEnd().split('\n');
    const time = '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d';
    expect(lines).toEqual([
      'created_utc,currency,gross,fee,net,reporting_category,source_id,payment_intent_id',
      expect.stringMatching(`^${time},usd,20.00,0.00,20.00,charge,${charge as string},${id}$`),
      expect.stringMatching(`^${time},usd,-7.00,0.00,-7.00,refund,${refund.id},${id}$`),
    ]);
  });

  it('shows what was settled in a period', async () => {
    const simulator = await running();
    await stripeFor(simulator).paymentIntents.create({ ...VISA, confirm: true });
    const report = async (query: string) =>
      (await control(simulator.url, 'GET', `/settlement.csv?${query}`)).text.trimEnd().split('\n').length - 1;
    const [lastYear, nextYear] = [-1, 1].map((years) => `${new Date().getUTCFullYear() + years}-01-01`);
    expect(await report(`from=${lastYear}&to=${nextYear}`)).toBe(1);
    expect(await report(`from=${lastYear}`)).toBe(1);
    expect(await report(`to=${lastYear}`)).toBe(0);
    expect(await report(`from=${nextYear}`)).toBe(0);
    expect((await control(simulator.url, 'GET', '/settlement.csv?from=today')).status).toBe(400);
  });

  it('holds webhooks and forgets keys', async () => {
    const simulator = await running({
      webhook: { url: 'http://127.0.0.1:1/', secret: 'whsec', retryMs: [] },
    });
    const { url } = simulator;
    await control(url, 'POST', '/webhooks', { hold: true });
    await stripeFor(simulator).paymentIntents.create(VISA, { idempotencyKey: 'k' });
    expect((await control(url, 'GET', '/webhooks')).json()).toMatchObject({
      held: [{ type: 'payment_intent.created' }],
    });
    expect((await control(url, 'POST', '/webhooks/release', { order: 'reversed' })).json()).toEqual({
      held: [],
    });
    await control(url, 'POST', '/idempotency_keys/forget', {});
    await stripeFor(simulator).paymentIntents.create(VISA, { idempotencyKey: 'k' });
    expect(simulator.ledger().payment_intents).toHaveLength(2);
  });

  it('knows nothing else', async () => {
    const { url } = await running();
    expect((await control(url, 'GET', '/secrets')).status).toBe(404);
  });
});
