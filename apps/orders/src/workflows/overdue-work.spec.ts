import { sharedError } from '@gantry/errors';
import { Metrics } from '@gantry/observability';
import { metricValue, waitFor } from '@gantry/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import postgres from 'postgres';
import { ScriptedMarket } from '../../test/scripted-market.ts';
import { key } from '../../test/shop.ts';
import { ExpireReservations } from './expire-reservations.ts';
import { FindUnfinishedWork } from './find-unfinished-work.ts';

const away = sharedError('dependency_unavailable', 'Away.', { retryAfterSeconds: 600 });

let market: ScriptedMarket;
let superuser: postgres.Sql;
beforeAll(async () => {
  market = await ScriptedMarket.open();
  // The safety nets are torn.
  market.shop.get(FindUnfinishedWork).run = async () => {};
  market.shop.get(ExpireReservations).run = async () => {};
  // What is stored never changes; only without its triggers can time be told to have passed.
  superuser = postgres(market.shop.running.database.superuserUrl, {
    max: 1,
    connection: { session_replication_role: 'replica' },
  });
}, 60_000);
afterAll(async () => {
  await superuser?.end();
  await market?.close();
});

/** Lets time pass for everything, with all jobs lost. */
async function pass(minutes: number): Promise<void> {
  const ago = superuser`now() - make_interval(mins => ${minutes})`;
  await superuser`delete from pgboss.job where state in ('created', 'retry')`;
  await waitFor(async () => (await superuser`select from pgboss.job where state = 'active'`).count === 0);
  await superuser`delete from pgboss.job where state in ('created', 'retry')`;
  await superuser`update payment_attempts set updated_at = ${ago} where phase = 'started'`;
  await superuser`update orders set updated_at = ${ago} where refund_state = 'pending'`;
  await superuser`update orders set paid_at = ${ago} where paid_at is not null`;
}

async function overdue(): Promise<Record<string, number | undefined>> {
  const { registry } = market.shop.get(Metrics);
  const kinds = ['payment_attempt', 'receipt', 'refund', 'reservation'];
  const values = kinds.map(async (kind) => [kind, await metricValue(registry, 'mcp_overdue_work', { kind })]);
  return Object.fromEntries(await Promise.all(values)) as Record<string, number | undefined>;
}

describe('the metric of overdue work', () => {
  it('counts what nobody has brought to an end, by kind', async () => {
    const { shop } = market;
    market.payments.answers(away);
    market.records.answers(away);
    const { id: order_id } = (await shop.place()) as { id: string };
    await shop.call('pay_order', { order_id, payment_method: 'pm_card_visa', idempotency_key: key() });
    await shop.orderThatIs('paid');
    const unwanted = await shop.orderThatIs('paid');
    await shop.call('cancel_order', { order_id: unwanted, reason: 'changed my mind' });
    const unpaid = await shop.orderThatIs('placed');

    await pass(29);
    expect(await overdue()).toEqual({ payment_attempt: 0, receipt: 0, refund: 0, reservation: 0 });
    await pass(31);
    await superuser`update reservations set expires_at = now() where order_id = ${unpaid}`;
    expect(await overdue()).toEqual({ payment_attempt: 1, receipt: 2, refund: 1, reservation: 1 });
  });
});
