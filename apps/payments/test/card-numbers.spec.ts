import { waitFor } from '@gantry/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { send } from './raw-call.ts';
import { startReplica } from './replica.ts';
import { startPayments, type RunningPayments } from './running-payments.ts';

const CARD = '4000056655665556';
const SPACED = '4000 0566 5566 5556';

let the: RunningPayments;
beforeAll(async () => {
  the = await startPayments();
}, 60_000);
afterAll(() => the?.stop());

const args = () => ({
  amount: 1_000,
  currency: 'EUR',
  payment_method: 'pm_card_visa',
  idempotency_key: `key-${randomUUID()}`,
});

/** All text that the database holds. */
async function everything(): Promise<string> {
  const sql = postgres(the.database.superuserUrl, { max: 1 });
  try {
    const tables = await sql<{ name: string }[]>`
      select format('%I.%I', schemaname, tablename) as name from pg_tables
      where schemaname not in ('pg_catalog', 'information_schema')`;
    const rows = await Promise.all(tables.map(({ name }) => sql.unsafe(`select t::text from ${name} t`)));
    return JSON.stringify(rows);
  } finally {
    await sql.end();
  }
}

describe('a card number', () => {
  it('anywhere in a call is refused, and nowhere afterwards', async () => {
    const replica = await startReplica(the, { MCP_LOG_LEVEL: 'trace' });
    const token = await the.token();
    const call = (name: string, args: Record<string, unknown>) => send(replica.url, token, { name, args });
    let logged = '';
    try {
      for (const bad of [
        { ...args(), payment_method: CARD },
        { ...args(), description: `paid with ${SPACED}` },
        { ...args(), reference: CARD },
        { ...args(), idempotency_key: `order ${SPACED}` },
        { ...args(), amount: Number(CARD) },
        { ...args(), card: { number: SPACED } },
        { ...args(), [CARD]: true },
      ]) {
        const { error, text } = await call('process_payment', bad);
        expect(error).toMatchObject({
          code: 'card_number_refused',
          hint: expect.stringContaining('payment method token'),
        });
        expect(text).not.toContain(CARD);
        expect(text).not.toContain(SPACED);
      }
      for (const [tool, bad] of [
        ['find_payment_by_key', { key: CARD }],
        ['list_payments', { reference: CARD }],
        ['get_payment', { payment_id: CARD }],
        ['refund_payment', { payment_id: CARD, idempotency_key: CARD }],
      ] as const)
        expect((await call(tool, bad)).error).toMatchObject({ code: 'card_number_refused' });
      // What was written comes later than the answer.
      await waitFor(async () => (await everything()).split('card_number_refused').length > 11, 10_000);
    } finally {
      logged = await replica.kill();
    }
    for (const kept of [logged, await everything()]) {
      expect(kept).not.toContain(CARD);
      expect(kept).not.toContain(SPACED);
    }
    expect(logged).toContain('card_number_refused');
  }, 60_000);
});
