import { sharedError, businessError } from '@gantry/errors';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import postgres from 'postgres';
import { attemptAtJob, ScriptedMarket } from '../../test/scripted-market.ts';
import { WriteReceipt } from './write-receipt.ts';

let market: ScriptedMarket;
beforeAll(async () => {
  market = await ScriptedMarket.open({ MCP_ORDERS_RECEIPTS_COLLECTION: 'till_receipts' });
}, 60_000);
afterAll(() => market?.close());

/** A paid order; the job for its receipt waits for a server that is away. */
async function paid(): Promise<string> {
  market.records.answers(sharedError('dependency_unavailable', 'Away.', { retryAfterSeconds: 600 }));
  return market.shop.orderThatIs('paid');
}

const write = (order_id: string) => market.shop.get(WriteReceipt).handle({ order_id }, attemptAtJob());
const receiptOf = async (id: string) => (await market.shop.look(id))['receipt_record_id'] as string;
const noCollection = () => businessError('collection_not_found', 'No.', 'Define it.');
const toolsAsked = () => market.records.asked.map(({ tool }) => tool);

/** Lets a payment have been made long ago. */
async function lapse(id: string): Promise<void> {
  const sql = postgres(market.shop.running.database.superuserUrl, { max: 1 });
  await sql`alter table orders disable trigger user`;
  await sql`update orders set paid_at = now() - interval '2 days' where id = ${id}`;
  await sql`alter table orders enable trigger user`;
  await sql.end();
}

describe('the receipt of an order', () => {
  it('is written by a key that is made of the order, once', async () => {
    const id = await paid();
    market.records.answers({ id: 'rec_1' });
    await write(id);
    expect(market.records.asked).toMatchObject([
      {
        tool: 'create_record',
        args: {
          collection: 'till_receipts',
          idempotency_key: `receipt-${id}`,
          document: { order_id: id, payment_id: `pay_of_${id}`, total: 3_600, paid_at: expect.any(String) },
        },
      },
    ]);
    expect(await receiptOf(id)).toBe('rec_1');
    await write(id);
    expect(market.records.asked).toHaveLength(1);
  });

  it('makes the collection if there is none; the refusal is kept for the first key', async () => {
    const id = await paid();
    market.records.answers(noCollection(), { outcome: 'created' }, { id: 'rec_2' });
    await write(id);
    expect(market.records.asked).toMatchObject([
      { tool: 'create_record', args: { idempotency_key: `receipt-${id}` } },
      { tool: 'define_collection', args: { name: 'till_receipts', json_schema: { type: 'object' } } },
      { tool: 'create_record', args: { idempotency_key: `receipt-${id}-defined` } },
    ]);
    expect(await receiptOf(id)).toBe('rec_2');
  });

  it('is looked for first if the key may have been forgotten', async () => {
    const id = await paid();
    await lapse(id);
    market.records.answers({ items: [{ id: 'rec_3' }] });
    await write(id);
    expect(toolsAsked()).toEqual(['list_records']);
    expect(await receiptOf(id)).toBe('rec_3');
  });

  it.each([
    ['nothing is found', { items: [] }],
    ['there is no collection yet', noCollection()],
  ])('is written late if %s', async (_, found) => {
    const id = await paid();
    await lapse(id);
    market.records.answers(found, { id: 'rec_4' });
    await write(id);
    expect(toolsAsked()).toEqual(['list_records', 'create_record']);
    expect(await receiptOf(id)).toBe('rec_4');
  });

  it.each([
    ['the document', sharedError('validation_error', 'No.')],
    ['this service', sharedError('permission_denied', 'No.')],
  ])('is tried again, without end, if records refuses %s', async (_, refusal) => {
    const id = await paid();
    market.records.answers(refusal);
    await expect(write(id)).rejects.toMatchObject({ isFinal: false });
    expect((await market.shop.look(id))['state']).toBe('paid');
  });
});
