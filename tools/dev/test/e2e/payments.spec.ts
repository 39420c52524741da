import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectLegacy, connectModern, waitFor, type McpClient } from '@gantry/testing';
import { DEMO_PAYMENTS } from '../../src/seed-payments.ts';
import { CommandSite, type RunningCommand } from '../stack-command.ts';

const MAIN = ['--conditions=@gantry/source', join(import.meta.dirname, '../../src/main.ts')];

let site: CommandSite;
let stack: RunningCommand;
let client: McpClient;

const url = () => `http://127.0.0.1:${site.portBase + 2}/mcp`;

beforeAll(async () => {
  site = await CommandSite.open();
  await start();
});

afterAll(async () => {
  await stop();
  await site.close();
});

async function start(): Promise<void> {
  stack = await site.serve('node', [...MAIN, 'serve']);
  client = await connectModern(url(), await token());
}

async function stop(): Promise<void> {
  await client.close();
  stack.child.kill('SIGINT');
  expect(await stack.exit).toBe(0);
  await site.quiet();
}

/** What `make token SERVICE=…` prints. */
async function token(service = 'payments', ...principal: string[]): Promise<string> {
  const command = site.start('node', [...MAIN, 'token', service, ...principal]);
  expect(await command.exit).toBe(0);
  return command.output().trim();
}

/** What a successful call returned. */
async function call(name: string, args: Record<string, unknown>, by = client) {
  const { isError, content, structuredContent } = await by.callTool(name, args);
  if (isError) throw new Error(`${name}: ${content[0]?.text}`);
  return structuredContent as Record<string, unknown>;
}

/** The balance of the merchant in EUR. */
async function balance(): Promise<number> {
  const { balances } = await call('get_balance', { account: 'merchant_balance', currency: 'EUR' });
  return Number((balances as { balance: string }[])[0]?.balance);
}

/** What the provider says has really happened. */
async function provider() {
  const books = await fetch(`http://127.0.0.1:${site.portBase + 10}/_simulator/ledger`);
  return (await books.json()) as { totals: { eur: { captured: number; refunded: number } } };
}

const coffee = {
  amount: 1_234,
  currency: 'EUR',
  payment_method: 'pm_card_visa',
  idempotency_key: 'coffee-for-all',
};

// One story: each chapter begins where the one before ended.
describe('payments of the running stack', () => {
  let payment: Record<string, unknown>;
  let before: number;

  it('takes a payment once, however often the call is repeated', async () => {
    before = await balance();
    expect(before).toBe(DEMO_PAYMENTS[0]!.amount);
    payment = await call('process_payment', coffee);
    expect(payment).toMatchObject({ state: 'captured', amount_captured: 1_234 });
    expect(await call('process_payment', coffee)).toEqual(payment);
    expect(await balance()).toBe(before + 1_234);
    expect((await provider()).totals.eur).toEqual({ captured: before + 1_234, refunded: 0 });
  });

  it('gives a part back', async () => {
    const refund = { payment_id: payment['id'], amount: 234, idempotency_key: 'too-much-milk' };
    expect(await call('refund_payment', refund)).toMatchObject({ amount_refunded: 234 });
    expect(await balance()).toBe(before + 1_000);
    expect((await provider()).totals.eur).toEqual({ captured: before + 1_234, refunded: 234 });
  });

  it('hears webhooks of the provider', async () => {
    await waitFor(async () => (await site.log('payments')).includes('"type":"payment_intent.succeeded"'));
    expect(await site.log('payments')).not.toContain('A webhook was refused');
  });

  it('shows the same to a client of the earlier protocol era', async () => {
    const legacy = await connectLegacy(url(), await token());
    expect(await call('get_payment', { payment_id: payment['id'] }, legacy)).toMatchObject({
      state: 'captured',
      amount_captured: 1_234,
      amount_refunded: 234,
    });
    await legacy.close();
  });

  it('lets another principal approve what is above the limit', async () => {
    const { items } = await call('list_payments', { state: 'approval_required' });
    const [waiting] = items as { id: string; reference: string }[];
    expect(waiting?.reference).toBe(DEMO_PAYMENTS[1]!.reference);
    const decision = { payment_id: waiting!.id, decision: 'approved' };
    const own = await client.callTool('approve_payment', { ...decision, idempotency_key: 'my-own-approval' });
    expect(own).toMatchObject({ isError: true, structuredContent: { code: 'approval_not_possible' } });

    const approver = await connectModern(url(), await token('payments', 'gantry-approver'));
    await call('approve_payment', { ...decision, idempotency_key: 'their-approval' }, approver);
    await approver.close();
    const { amount } = DEMO_PAYMENTS[1]!;
    await waitFor(async () => (await balance()) === before + 1_000 + amount, 60_000);
  });

  it('does not open to a token of another service', async () => {
    await expect(connectModern(url(), await token('records'))).rejects.toThrow(/Unauthorized|401/);
  });

  it('knows all of it after a restart, and so does the provider', async () => {
    const [held, books] = [await balance(), await provider()];
    await stop();
    await start();
    expect(await balance()).toBe(held);
    expect(await provider()).toEqual(books);
    expect(await call('process_payment', coffee)).toEqual(payment);
    const rest = { payment_id: payment['id'], idempotency_key: 'no-coffee-at-all' };
    expect(await call('refund_payment', rest)).toMatchObject({ amount_refunded: 1_234 });
    expect((await provider()).totals.eur.refunded).toBe(1_234);
  });
});
