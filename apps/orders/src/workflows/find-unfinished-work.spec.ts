import { sharedError, businessError } from '@gantry/errors';
import { waitFor } from '@gantry/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import postgres from 'postgres';
import { ScriptedMarket } from '../../test/scripted-market.ts';
import { key } from '../../test/shop.ts';
import { UnfinishedWork } from '../store/unfinished-work.ts';
import { FindUnfinishedWork } from './find-unfinished-work.ts';

const QUEUES = ['unfinished-payment-attempts', 'unwritten-receipts', 'refund-order'];
const away = () => sharedError('dependency_unavailable', 'Away.', { retryAfterSeconds: 600 });

let market: ScriptedMarket;
let superuser: postgres.Sql;
beforeAll(async () => {
  market = await ScriptedMarket.open({ MCP_ORDERS_COMPLETE_PAYMENT_AFTER_SECONDS: '1' });
  superuser = postgres(market.shop.running.database.superuserUrl, { max: 1, onnotice: () => {} });
}, 60_000);
afterAll(async () => {
  await superuser?.end();
  await market?.close();
});

const run = () => market.shop.get(FindUnfinishedWork).run(new AbortController().signal);

/** Lets nobody have looked after anything for an hour, with all jobs lost. */
async function lapse(): Promise<void> {
  await waitFor(async () => {
    const [{ count }] = await superuser<[{ count: number }]>`
      select count(*)::int from pgboss.job where state = 'active'`;
    return count === 0;
  });
  await superuser`delete from pgboss.job where name = any(${QUEUES})`;
  await superuser.begin(async (sql) => {
    await sql`set local session_replication_role = replica`;
    await sql`update payment_attempts set updated_at = now() - interval '1 hour', leased_until = now()`;
    await sql`
      update orders set updated_at = now() - interval '1 hour', paid_at = case when paid_at is not null then
        now() - interval '50 minutes' end`;
  });
}

const jobs = async () =>
  (await superuser`select name from pgboss.job where name = any(${QUEUES})`)
    .map((row) => row['name'] as string)
    .sort();

const pay = async () => {
  const { id } = (await market.shop.place()) as { id: string };
  const args = { order_id: id, payment_method: 'pm_card_visa', idempotency_key: key() };
  return { id, ...(await market.shop.call('pay_order', args)) };
};

describe('work that nobody has finished', () => {
  it('is found, of every kind, and given one job', async () => {
    market.payments.answers(away());
    market.records.answers(away());
    const { id: open } = await pay();
    const unpaid = await market.shop.orderThatIs('paid');
    await market.shop.call('cancel_order', { order_id: unpaid, reason: 'changed my mind' });
    await lapse();
    await run();
    await run();
    expect(await jobs()).toEqual(QUEUES.toSorted());
    market.payments.answers(ScriptedMarket.captured());
    market.records.answers({ id: 'rec_1' });
    await waitFor(async () => (await market.shop.look(open))['state'] === 'paid', 20_000);
    await waitFor(async () => (await market.shop.look(unpaid))['refund_state'] === 'refunded', 20_000);
    for (const id of [open, unpaid])
      await waitFor(async () => (await market.shop.look(id))['receipt_record_id'] === 'rec_1', 20_000);
    await lapse();
    await run();
    expect(await jobs()).toEqual([]);
  }, 90_000);

  it('is asked for the more seldom the longer it waits for people', async () => {
    market.payments.answers(businessError('approval_required', 'Wait.', 'Wait.', { retryable: true }));
    const { error } = await pay();
    expect(error).toMatchObject({ code: 'approval_required' });
    const work = market.shop.get(UnfinishedWork);
    const found = async (age: string, quiet: string) => {
      await superuser.begin(async (sql) => {
        await sql`set local session_replication_role = replica`;
        await sql`
          update payment_attempts set created_at = now() - ${age}::interval, updated_at = now() - ${quiet}::interval
          where phase = 'started'`;
      });
      return (await work.paymentAttempts(30, 10)).length;
    };
    expect(await found('40 seconds', '20 seconds')).toBe(0);
    expect(await found('40 seconds', '40 seconds')).toBe(1);
    expect(await found('20 minutes', '4 minutes')).toBe(0);
    expect(await found('20 minutes', '6 minutes')).toBe(1);
    expect(await found('3 days', '9 minutes')).toBe(0);
    expect(await found('3 days', '11 minutes')).toBe(1);
  });
});
