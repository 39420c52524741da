import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { startPayments, type RunningPayments } from './running-payments.ts';

let the: RunningPayments;
let id: string;
beforeAll(async () => {
  the = await startPayments();
  id = (await the.call('process_payment', payment())).output.id;
}, 60_000);
afterAll(() => the?.stop());

const key = () => `key-${randomUUID()}`;
const payment = () => ({
  amount: 1_000,
  currency: 'EUR',
  payment_method: 'pm_card_visa',
  idempotency_key: key(),
});

describe('a token', () => {
  it('for records is refused', async () => {
    const token = await the.token({
      audience: 'http://records.example/mcp',
      scopes: ['payments:admin', 'records:admin'],
    });
    expect((await the.call('get_payment', { payment_id: id }, { token })).status).toBe(401);
  });

  it('that may read cannot charge, take, cancel, give back or approve', async () => {
    const token = await the.token({ scopes: ['payments:read'] });
    const before = the.simulator.effects().length;
    const change = { payment_id: id, idempotency_key: key() };
    const replies = await Promise.all([
      the.call('process_payment', payment(), { token }),
      the.call('authorize_payment', payment(), { token }),
      the.call('capture_payment', change, { token }),
      the.call('cancel_payment', change, { token }),
      the.call('refund_payment', change, { token }),
      the.call('approve_payment', { payment_id: id, decision: 'approved' }, { token }),
    ]);
    expect(replies.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 403]);
    expect(the.simulator.effects()).toHaveLength(before);
    expect((await the.call('get_payment', { payment_id: id }, { token })).output).toMatchObject({ id });
  });
});

describe('another tenant', () => {
  it('never sees a payment, even by its id or key, and does nothing with it', async () => {
    const scopes = ['payments:admin', 'payments:approve'];
    const token = await the.token({ tenant: 'globex', scopes });
    const args = payment();
    const { output: ours } = await the.call('process_payment', args);
    const notFound = { error: { code: 'payment_not_found' } };
    const payment_id = ours.id;
    const change = () => ({ payment_id, idempotency_key: key() });
    expect(await the.call('get_payment', { payment_id }, { token })).toMatchObject(notFound);
    for (const tool of ['capture_payment', 'cancel_payment', 'refund_payment'])
      expect(await the.call(tool, change(), { token })).toMatchObject(notFound);
    const decision = { payment_id, decision: 'approved' };
    expect(await the.call('approve_payment', decision, { token })).toMatchObject(notFound);
    for (const [tool, asked] of [
      ['list_payments', {}],
      ['list_ledger_entries', { payment_id }],
      ['find_payment_by_key', { key: args.idempotency_key }],
    ] as const)
      expect((await the.call(tool, asked, { token })).output['items']).toEqual([]);
    expect((await the.call('get_balance', {}, { token })).output['balances']).toEqual([]);
    // The same key of another tenant is another key.
    const { output: theirs } = await the.call('process_payment', args, { token });
    expect(theirs.id).not.toBe(ours.id);
  });
});
