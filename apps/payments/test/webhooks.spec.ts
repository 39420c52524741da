import { signature, type Event } from '@gantry/psp-simulator';
import { waitFor } from '@gantry/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { startPayments, webhookSecret, type RunningPayments } from './running-payments.ts';

let the: RunningPayments;
let owner: postgres.Sql;
beforeAll(async () => {
  the = await startPayments({ MCP_PAYMENTS_COMPLETE_AFTER_SECONDS: '600' });
  owner = postgres(the.database.ownerUrl, { max: 1 });
}, 60_000);
afterAll(async () => {
  await owner?.end();
  await the?.stop();
});
afterEach(() => the.simulator.faults.clear());

const newPayment = () => ({
  amount: 1_000,
  currency: 'EUR',
  payment_method: 'pm_card_visa',
  idempotency_key: `key-${randomUUID()}`,
});
const stateOf = async (payment_id: string) => (await the.call('get_payment', { payment_id })).output.state;
const seen = async (tenant = 'acme') =>
  owner.begin(async (sql) => {
    await sql`select set_config('gantry.tenant', ${tenant}, true)`;
    return (await sql<{ id: string }[]>`select id from provider_events`).map(({ id }) => id);
  });
const post = async (body: string, header: string | undefined = signature(body, webhookSecret)) =>
  (
    await fetch(new URL('/webhooks/stripe', the.url), {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...(header && { 'stripe-signature': header }) },
    })
  ).status;

/** A payment of which the provider knows more than the service. */
async function unknownPayment(): Promise<string> {
  the.simulator.faults.plan(
    { kind: 'reset_after', endpoint: 'payment_intents.confirm', count: 1 },
    { kind: 'error_before', endpoint: 'payment_intents.retrieve', count: 3 },
  );
  const { error } = await the.call('process_payment', newPayment());
  const id = error!.details!['payment_id'] as string;
  expect(await stateOf(id)).toBe('unknown');
  the.simulator.faults.clear();
  return id;
}

const heldFor = (payment_id: string): Event[] =>
  the.simulator.webhooks.held.filter(
    ({ data }) =>
      (data.object as { metadata?: Record<string, string> }).metadata?.['payment_id'] === payment_id,
  );

describe('webhooks', () => {
  it.each(['created', 'reversed', 'shuffled'] as const)(
    'in the order "%s", each sent twice, tell how a payment ended once',
    async (order) => {
      const id = await unknownPayment();
      const events = heldFor(id).map((event) => event.id);
      expect(events.length).toBeGreaterThan(1);
      the.simulator.webhooks.behave({ hold: true, duplicates: 1 });
      await the.simulator.webhooks.release(order);
      await waitFor(async () => (await stateOf(id)) === 'captured', 20_000);
      const ids = await seen();
      expect(ids.filter((event) => events.includes(event)).sort()).toEqual(events.sort());
      const charged = the.simulator.effects({ kind: 'charged', metadata: { payment_id: id } });
      expect(charged).toHaveLength(1);
      const { output } = await the.call('list_ledger_entries', { payment_id: id });
      expect(output['items']).toHaveLength(2);
    },
    30_000,
  );

  it('that nobody has signed, or somebody else, or long ago, are refused', async () => {
    const { output } = await the.call('process_payment', newPayment());
    const body = JSON.stringify(heldFor(output.id)[0]);
    const before = await seen();
    expect(await post(body, '')).toBe(400);
    expect(await post(body, signature(body, 'whsec_of_somebody_else'))).toBe(400);
    expect(await post(body, signature(body, webhookSecret, Math.floor(Date.now() / 1_000) - 3_600))).toBe(
      400,
    );
    expect(await post(body.replace('1000', '9000'), signature(body, webhookSecret))).toBe(400);
    expect(await post('x'.repeat(1_100_000))).toBe(413);
    expect(await seen()).toEqual(before);
    expect(await post(body)).toBe(204);
    expect(await post(body)).toBe(204);
    expect((await seen()).length).toBe(before.length + 1);
  });

  it('about a payment of another tenant, or of nobody, change nothing', async () => {
    const { output } = await the.call('process_payment', newPayment());
    const event = structuredClone(heldFor(output.id)[0]!);
    const { metadata } = event.data.object as { metadata: Record<string, string> };
    metadata['tenant'] = 'globex';
    expect(await post(JSON.stringify(event))).toBe(204);
    delete metadata['tenant'];
    expect(await post(JSON.stringify(event))).toBe(204);
    // No database could hold it, and an error would have it repeated.
    metadata['tenant'] = 'acme\0';
    expect(await post(JSON.stringify(event))).toBe(204);
    Object.assign(metadata, { tenant: 'acme', operation_id: '\ud800' });
    expect(await post(JSON.stringify(event))).toBe(204);
    expect(await seen('globex')).toEqual([]);
    expect(await seen()).not.toContain(event.id);
  });

  it('tell of held money that the provider has let go', async () => {
    const { output } = await the.call('authorize_payment', newPayment());
    await the.cancelAtProvider(output.id);
    the.simulator.webhooks.behave({ hold: true });
    await the.simulator.webhooks.release('reversed');
    await waitFor(async () => (await stateOf(output.id)) === 'cancelled', 20_000);
  }, 30_000);
});
