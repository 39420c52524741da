import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import postgres from 'postgres';
import { ExpireApprovals } from '../src/workflows/expire-approvals.ts';
import { ForgetProviderEvents } from '../src/workflows/forget-provider-events.ts';
import { key, TEN } from './examples.ts';
import { startPayments, type RunningPayments } from './running-payments.ts';

let the: RunningPayments;
let superuser: postgres.Sql;
beforeAll(async () => {
  the = await startPayments({
    MCP_PAYMENTS_APPROVAL_THRESHOLDS: 'EUR=500',
    MCP_PAYMENTS_APPROVAL_HOURS: '2',
  });
  // What is stored never changes; only without its triggers can time be told to have passed.
  superuser = postgres(the.database.superuserUrl, {
    max: 1,
    connection: { session_replication_role: 'replica' },
  });
}, 60_000);
afterAll(async () => {
  await superuser?.end();
  await the?.stop();
});

const run = (job: typeof ExpireApprovals | typeof ForgetProviderEvents) =>
  the.service.app.get<{ run(signal: AbortSignal): Promise<void> }>(job).run(new AbortController().signal);

describe('a payment that waits for approval', () => {
  it('is cancelled when nobody decides in time, not before, and can then not be approved', async () => {
    const args = { ...TEN, idempotency_key: key() };
    const { error: waiting } = await the.call('process_payment', args);
    const payment_id = waiting!.details!['payment_id'] as string;
    const pass = (minutes: number) =>
      superuser`update payment_operations set created_at = now() - make_interval(mins => ${minutes})
        where payment_id = ${payment_id}`;

    await pass(119);
    await run(ExpireApprovals);
    expect((await the.call('process_payment', args)).error).toMatchObject({ code: 'approval_required' });

    await pass(121);
    await run(ExpireApprovals);
    expect((await the.call('process_payment', args)).error).toMatchObject({
      code: 'approval_expired',
      retryable: false,
      details: { payment_id },
    });
    expect((await the.call('get_payment', { payment_id })).output.state).toBe('cancelled');
    const grace = await the.token({ subject: 'grace', scopes: ['payments:approve'] });
    const approval = { payment_id, decision: 'approved', idempotency_key: 'approve-too-late' };
    expect((await the.call('approve_payment', approval, { token: grace })).error).toMatchObject({
      code: 'approval_not_possible',
    });
    expect(the.simulator.effects({ metadata: { payment_id } })).toEqual([]);
  });
});

describe('a webhook', () => {
  it('is remembered for thirty days, in every tenant', async () => {
    const rows = ['acme', 'globex'].flatMap((tenant_id) =>
      [29, 31].map((days) => ({ tenant_id, id: `evt_${tenant_id}_${days}`, type: 'x', days })),
    );
    for (const { tenant_id, id, type, days } of rows)
      await superuser`insert into provider_events (tenant_id, id, type, occurred_at, received_at)
        values (${tenant_id}, ${id}, ${type}, now(), now() - make_interval(days => ${days}))`;
    await run(ForgetProviderEvents);
    const left = await superuser<
      { id: string }[]
    >`select id from provider_events where type = 'x' order by id`;
    expect(left.map(({ id }) => id)).toEqual(['evt_acme_29', 'evt_globex_29']);
  });
});
