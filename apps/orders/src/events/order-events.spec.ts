import { Events, type DomainEvent } from '@gantry/jobs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Shop } from '../../test/shop.ts';
import { ORDER_EVENTS } from './order-events.ts';

let shop: Shop;
const published: { name: string; payload: Record<string, unknown> }[] = [];
beforeAll(async () => {
  shop = await Shop.open();
  const events = shop.get(Events);
  const publish = events.publish.bind(events);
  events.publish = async (event: DomainEvent, payload: unknown) => {
    await publish(event, payload);
    published.push({ name: event.name, payload: payload as Record<string, unknown> });
  };
}, 60_000);
afterAll(() => shop?.close());

/** What was told of an order. */
const toldOf = (id: string) => published.filter(({ payload }) => payload['order_id'] === id);

describe('the events of an order', () => {
  it.each([
    ['delivered', ['order.placed', 'order.paid', 'order.shipped', 'order.delivered']],
    ['returned', ['order.placed', 'order.paid', 'order.shipped', 'order.returned']],
    ['payment_failed', ['order.placed', 'order.payment_failed']],
    ['cancelled', ['order.placed', 'order.cancelled']],
  ])('tell how it came to be %s, each with the version it made', async (state, names) => {
    const id = await shop.orderThatIs(state);
    const told = toldOf(id);
    expect(told.map(({ name }) => name)).toEqual(names);
    const versions = told.map(({ payload }) => payload['version'] as number);
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    expect(new Set(versions).size).toBe(versions.length);
    const order = await shop.look(id);
    expect(told.at(-1)!.payload).toMatchObject({
      customer_id: order['customer_id'],
      total: 3_600,
      currency: 'EUR',
      occurred_at: order['updated_at'],
    });
  });

  it('say what they are about', async () => {
    const id = await shop.orderThatIs('paid');
    await shop.call('ship_order', { order_id: id, carrier: 'DHL', tracking_number: '00340' });
    await shop.call('return_order', { order_id: id, reason: 'too small' });
    expect(toldOf(id).map(({ payload }) => payload)).toMatchObject([
      { line_count: 1 },
      { payment_id: `pay_of_${id}` },
      { carrier: 'DHL', tracking_number: '00340' },
      { reason: 'too small' },
    ]);
    const failed = await shop.orderThatIs('payment_failed');
    expect(toldOf(failed).at(-1)!.payload).toMatchObject({ attempt: 1, payment_error: 'card_declined' });
    for (const [state, is_refunded] of [
      ['placed', false],
      ['paid', true],
    ] as const) {
      const gone = await shop.orderThatIs(state);
      await shop.call('cancel_order', { order_id: gone, reason: 'why not' });
      expect(toldOf(gone).at(-1)!.payload).toMatchObject({ reason: 'why not', is_refunded });
    }
  });

  it('are not told of what was refused', async () => {
    const id = await shop.orderThatIs('placed');
    const before = toldOf(id).length;
    await shop.call('ship_order', { order_id: id });
    await shop.call('return_order', { order_id: id, reason: 'no' });
    expect(toldOf(id)).toHaveLength(before);
  });

  it('are called by what has happened, and have versions', () => {
    for (const { name, version } of ORDER_EVENTS) {
      expect(name).toMatch(/^order\.[a-z_]+$/);
      expect(version).toBe(1);
    }
  });
});
