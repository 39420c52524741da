import { describe, expect, it } from '@jest/globals';
import { typeid } from 'typeid-js';
import { usePaymentsDatabase } from '../../test/payments-database.ts';

const the = usePaymentsDatabase();

describe('ProviderEventStore', () => {
  const event = () => ({
    id: typeid('evt').toString(),
    type: 'charge.refunded',
    occurredAt: '2026-11-21T12:00:00Z',
  });

  it('takes an event once, however many copies come at once', async () => {
    const copy = event();
    const first = await Promise.all(
      Array.from({ length: 6 }, () => the.write(() => the.events.isFirst(copy))),
    );
    expect(first.filter(Boolean)).toHaveLength(1);
  });

  it('takes it again if what was done about it was undone', async () => {
    const copy = event();
    await expect(
      the.write(async () => {
        await the.events.isFirst(copy);
        throw new Error('undone');
      }),
    ).rejects.toThrow('undone');
    expect(await the.write(() => the.events.isFirst(copy))).toBe(true);
    expect(await the.write(() => the.events.isFirst(copy), 'globex')).toBe(true);
  });
});
