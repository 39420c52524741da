import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { key } from '../../test/examples.ts';
import { startPayments, type RunningPayments } from '../../test/running-payments.ts';

let the: RunningPayments;
beforeAll(async () => {
  the = await startPayments();
}, 60_000);
afterAll(() => the?.stop());

describe('list_payments', () => {
  it('finds payments by what they are, the latest first, in pages', async () => {
    const reference = key();
    const made = [];
    for (const tool of ['process_payment', 'authorize_payment', 'process_payment'])
      made.unshift(await the.make(tool, { reference }));
    const first = await the.call('list_payments', { reference, limit: 2 });
    expect(first.output['items']).toEqual(made.slice(0, 2));
    const rest = await the.call('list_payments', {
      reference,
      limit: 2,
      cursor: first.output['next_cursor'],
    });
    expect(rest.output).toMatchObject({ items: made.slice(2), has_more: false });
    const held = await the.call('list_payments', { reference, state: 'authorized', fields: ['amount'] });
    expect(held.output['items']).toEqual([{ id: made[1]!.id, amount: 1_000 }]);
    expect((await the.call('list_payments', { reference, currency: 'USD' })).output['items']).toEqual([]);
  });
});
