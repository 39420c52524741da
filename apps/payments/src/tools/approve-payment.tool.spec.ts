import { waitFor } from '@gantry/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import postgres from 'postgres';
import { key } from '../../test/examples.ts';
import { startPayments, type RunningPayments } from '../../test/running-payments.ts';

let the: RunningPayments;
let bob: string;
let owner: postgres.Sql;
beforeAll(async () => {
  the = await startPayments({ MCP_PAYMENTS_APPROVAL_THRESHOLDS: 'EUR=5000' });
  bob = await the.token({ subject: 'bob', scopes: ['payments:approve'] });
  owner = postgres(the.database.ownerUrl, { max: 1 });
}, 60_000);
afterAll(async () => {
  await owner?.end();
  await the?.stop();
});

const large = () => ({
  amount: 5_001,
  currency: 'EUR',
  payment_method: 'pm_card_visa',
  description: 'A bicycle',
  idempotency_key: key(),
});
const intents = () => the.simulator.ledger().payment_intents.length;
const stateOf = async (payment_id: string) => (await the.call('get_payment', { payment_id })).output.state;
const decide = (payment_id: string, decision: string, token = bob, more: object = {}) =>
  the.call('approve_payment', { payment_id, decision, ...more }, { token });

/** A payment that waits for somebody. */
async function waiting(args = large()): Promise<string> {
  const before = intents();
  const { error } = await the.call('process_payment', args);
  expect(error).toMatchObject({ code: 'approval_required', retryable: true });
  expect(intents()).toBe(before);
  return error!.details!['payment_id'] as string;
}

describe('a payment above the threshold', () => {
  it('waits for a second principal, who is remembered', async () => {
    const args = large();
    const id = await waiting(args);
    expect(await stateOf(id)).toBe('approval_required');
    expect((await the.call('process_payment', args)).error).toMatchObject({ code: 'approval_required' });
    const { output } = await decide(id, 'approved', bob, { reason: 'Known customer.' });
    expect(output).toMatchObject({ id, state: 'processing' });
    await waitFor(async () => (await stateOf(id)) === 'captured', 10_000);
    const repeated = await the.call('process_payment', args);
    expect(repeated.output).toMatchObject({ id, state: 'captured' });
    expect((await the.call('get_payment', { payment_id: id })).output['approval']).toMatchObject({
      decision: 'approved',
      method: 'second_principal',
      decided_by: { subject: 'bob' },
      reason: 'Known customer.',
    });
    const rows = await owner.begin(async (sql) => {
      await sql`select set_config('gantry.tenant', 'acme', true)`;
      return sql`
        select audit.subject, audit.tool, audit.outcome from audit_entries audit
        join payment_approvals approval using (request_id) where payment_id = ${id}`;
    });
    expect(rows).toEqual([{ subject: 'bob', tool: 'approve_payment', outcome: 'ok' }]);
  }, 30_000);

  it('is cancelled by a second principal who says no', async () => {
    const args = large();
    const id = await waiting(args);
    expect((await decide(id, 'rejected')).output).toMatchObject({ state: 'cancelled' });
    expect((await the.call('process_payment', args)).error).toMatchObject({ code: 'approval_rejected' });
    expect((await decide(id, 'approved')).error).toMatchObject({ code: 'approval_not_possible' });
  });

  it('is approved by nobody who asked for it, by whatever client, nor without the scope', async () => {
    const id = await waiting();
    const ada = await the.token({ scopes: ['payments:admin', 'payments:approve'] });
    expect((await decide(id, 'approved', ada)).error).toMatchObject({ code: 'approval_not_possible' });
    const admin = await the.token({ subject: 'eve', scopes: ['payments:admin'] });
    expect((await decide(id, 'approved', admin)).status).toBe(403);
    const stranger = await the.token({ tenant: 'globex', subject: 'bob', scopes: ['payments:approve'] });
    expect((await decide(id, 'approved', stranger)).error).toMatchObject({ code: 'payment_not_found' });
    expect(await stateOf(id)).toBe('approval_required');
  });

  it('is not approved by anything that the arguments say', async () => {
    const { error } = await the.call('process_payment', { ...large(), approved: true });
    expect(error).toMatchObject({ code: 'validation_error' });
  });

  it('can be called off while it waits', async () => {
    const args = large();
    const id = await waiting(args);
    const { output } = await the.call('cancel_payment', { payment_id: id, idempotency_key: key() });
    expect(output).toMatchObject({ state: 'cancelled' });
    expect((await the.call('process_payment', args)).error).toMatchObject({ code: 'payment_cancelled' });
  });

  it('is approved once of ten who do it at the same time', async () => {
    const id = await waiting();
    const replies = await Promise.all(Array.from({ length: 10 }, () => decide(id, 'approved')));
    expect(replies.filter(({ error }) => !error)).toHaveLength(1);
    await waitFor(async () => (await stateOf(id)) === 'captured', 10_000);
  });

  it('at the threshold needs nobody', async () => {
    const { output } = await the.call('process_payment', { ...large(), amount: 5_000 });
    expect(output).toMatchObject({ state: 'captured' });
  });
});
