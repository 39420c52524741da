import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectModern, waitFor, type McpClient } from '@gantry/testing';
import { CommandSite, type RunningCommand } from '../stack-command.ts';

const MAIN = ['--conditions=@gantry/source', join(import.meta.dirname, '../../src/main.ts')];
const PATIENCE_MS = 60_000;

let site: CommandSite;
let stack: RunningCommand;
let clients: Record<'records' | 'payments' | 'orders' | 'approver', McpClient>;

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
  clients = {
    records: await connect('records', 1),
    payments: await connect('payments', 2),
    orders: await connect('orders', 3),
    approver: await connect('payments', 2, 'gantry-approver'),
  };
}

async function stop(): Promise<void> {
  for (const client of Object.values(clients)) await client.close();
  stack.child.kill('SIGINT');
  expect(await stack.exit).toBe(0);
  await site.quiet();
}

async function connect(service: string, portOffset: number, ...principal: string[]): Promise<McpClient> {
  const token = site.start('node', [...MAIN, 'token', service, ...principal]);
  expect(await token.exit).toBe(0);
  return connectModern(`http://127.0.0.1:${site.portBase + portOffset}/mcp`, token.output().trim());
}

type Answer = Record<string, unknown>;

/** What a successful call returned. */
async function call(by: keyof typeof clients, tool: string, args: Answer): Promise<Answer> {
  const { isError, content, structuredContent } = await clients[by].callTool(tool, args);
  if (isError) throw new Error(`${tool}: ${content[0]?.text}`);
  return structuredContent as Answer;
}

const order = (id: unknown) => call('orders', 'get_order', { order_id: id });

/** What there is of a product. */
async function stock(product: string): Promise<Answer> {
  const { on_hand, reserved } = await call('orders', 'get_product', { product });
  return { on_hand, reserved };
}

/** Captured less refunded in cents: by the ledger of payments, and by the books of the provider. */
async function money(): Promise<{ ledger: number; provider: number }> {
  const account = { account: 'merchant_balance', currency: 'EUR' };
  const { balances } = await call('payments', 'get_balance', account);
  const books = await fetch(`http://127.0.0.1:${site.portBase + 10}/_simulator/ledger`);
  const { totals } = (await books.json()) as { totals: { eur: { captured: number; refunded: number } } };
  return {
    ledger: Number((balances as { balance: string }[])[0]?.balance),
    provider: totals.eur.captured - totals.eur.refunded,
  };
}

// One story: each chapter begins where the one before ended.
describe('orders of the running stack', () => {
  let customer: unknown;
  let bought: Answer;
  let before: number;

  const place = async (idempotency_key: string, ...lines: [sku: string, quantity: number][]) =>
    call('orders', 'create_order', {
      customer_id: customer,
      lines: lines.map(([sku, quantity]) => ({ sku, quantity })),
      idempotency_key,
    });

  it('takes products from a file, and names the lines that it cannot take', async () => {
    const file = join(site.stateDirectory, 'shop.csv');
    await writeFile(
      file,
      'sku,name,unit_price,currency\nLAMP,"Lamp, brass",180.25,EUR\nSOFA,Sofa,2400,EUR\nRUG,Rug,12.999,EUR\n',
    );
    const imported = site.start('make', ['-s', 'import-catalogue', `FILE=${file}`, 'KIND=products']);
    expect(await imported.exit).toBe(2);
    expect(imported.output()).toContain('Done: 2 products created, 0 updated, 0 unchanged, 1 rejected.');
    expect(imported.output()).toMatch(/These lines were rejected:\n {2}line 4: unit_price .*decimals/);
    for (const product of ['LAMP', 'SOFA']) {
      const delivery = { product, quantity: 3, idempotency_key: `delivery of ${product}` };
      expect(await call('orders', 'restock_product', delivery)).toMatchObject({ available: 3 });
    }
  });

  it('places an order, which keeps its stock', async () => {
    customer = (await call('orders', 'get_customer', { customer: 'C-1003' }))['id'];
    bought = await place('a lamp and tea', ['LAMP', 1], ['TEA-SENCHA', 2]);
    expect(bought).toMatchObject({ state: 'placed', total: 18_025 + 2 * 985, currency: 'EUR' });
    expect(await stock('LAMP')).toEqual({ on_hand: 3, reserved: 1 });
  });

  it('has it paid once, however many ask at the same time', async () => {
    ({ ledger: before } = await money());
    const payment = {
      order_id: bought['id'],
      payment_method: 'pm_card_visa',
      idempotency_key: 'pay for the lamp',
    };
    const answers = await Promise.all(Array.from({ length: 5 }, () => call('orders', 'pay_order', payment)));
    for (const answer of answers) expect(answer).toMatchObject({ state: 'paid', payment_attempt: 1 });
    const sum = before + Number(bought['total']);
    expect(await money()).toEqual({ ledger: sum, provider: sum });
    const { payment_id } = await order(bought['id']);
    expect(await call('payments', 'get_payment', { payment_id })).toMatchObject({
      reference: bought['id'],
      created_by: { subject: 'gantry-orders', client: 'gantry-orders' },
    });
  });

  it('has a receipt written to records', async () => {
    await waitFor(async () => (await order(bought['id']))['receipt_record_id'] !== undefined, PATIENCE_MS);
    const { receipt_record_id: record_id, payment_id } = await order(bought['id']);
    expect(await call('records', 'get_record', { record_id })).toMatchObject({
      collection: 'receipts',
      data: {
        order_id: bought['id'],
        total: bought['total'],
        payment_id,
        lines: [
          { sku: 'LAMP', quantity: 1, line_total: 18_025 },
          { sku: 'TEA-SENCHA', quantity: 2, line_total: 1_970 },
        ],
      },
    });
  });

  it('ships it: the stock leaves', async () => {
    const parcel = { order_id: bought['id'], carrier: 'DHL', tracking_number: 'JD0146' };
    expect(await call('orders', 'ship_order', parcel)).toMatchObject({ state: 'shipped' });
    expect(await stock('LAMP')).toEqual({ on_hand: 2, reserved: 0 });
    const arrived = await call('orders', 'ship_order', { order_id: bought['id'], delivered: true });
    expect(arrived).toMatchObject({ state: 'delivered' });
  });

  it('takes it back: the stock returns, and so does the money', async () => {
    const back = { order_id: bought['id'], reason: 'It is too bright.' };
    expect(await call('orders', 'return_order', back)).toMatchObject({ state: 'returned' });
    expect(await stock('LAMP')).toEqual({ on_hand: 3, reserved: 0 });
    await waitFor(async () => (await order(bought['id']))['refund_state'] === 'refunded', PATIENCE_MS);
    expect(await money()).toEqual({ ledger: before, provider: before });
  });

  it('waits for the approval of a large payment, and gives the money back when the order is cancelled', async () => {
    const { id } = await place('one large sofa', ['SOFA', 1]);
    const payment = { order_id: id, payment_method: 'pm_card_visa', idempotency_key: 'pay for the sofa' };
    const { structuredContent: refusal } = await clients.orders.callTool('pay_order', payment);
    expect(refusal).toMatchObject({ code: 'approval_required' });
    expect(await order(id)).toMatchObject({ state: 'payment_pending' });

    const { payment_id } = (refusal as { details: Answer }).details;
    const decision = { payment_id, decision: 'approved', idempotency_key: 'approve the sofa' };
    await call('approver', 'approve_payment', decision);
    await waitFor(async () => (await order(id))['state'] === 'paid', PATIENCE_MS);
    expect(await money()).toEqual({ ledger: before + 240_000, provider: before + 240_000 });

    await call('orders', 'cancel_order', { order_id: id, reason: 'It does not fit.' });
    expect(await stock('SOFA')).toEqual({ on_hand: 3, reserved: 0 });
    await waitFor(async () => (await order(id))['refund_state'] === 'refunded', PATIENCE_MS);
    expect(await money()).toEqual({ ledger: before, provider: before });
  });

  it('knows all of it after a restart', async () => {
    const known = await order(bought['id']);
    await stop();
    await start();
    expect(stack.output()).toContain('orders: all there');
    expect(await order(bought['id'])).toEqual(known);
    // Long since paid, and asked for once more.
    const again = {
      order_id: bought['id'],
      payment_method: 'pm_card_visa',
      idempotency_key: 'pay for the lamp',
    };
    expect(await call('orders', 'pay_order', again)).toMatchObject({ state: 'paid', id: bought['id'] });
    expect(await money()).toEqual({ ledger: before, provider: before });
  });
});
