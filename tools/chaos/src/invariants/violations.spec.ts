import { beforeEach, describe, expect, it } from '@jest/globals';
import { ENDINGS, makePlan, PRICES } from '../load/plans.ts';
import { violations, type Story } from './violations.ts';
import type { Item, World } from './world.ts';

const PIECES = 1_000;

type Mutable<Type> = { -readonly [Name in keyof Type]: Type[Name] };

/** Twelve orders, one and more of each intention, and a world in which all of them went well. */
function allWell(): { story: Mutable<Story>; world: Mutable<World> } {
  const plans = Array.from({ length: 12 }, (_, index) => makePlan('test', index));
  const charged = plans.filter(({ intention }) => ENDINGS[intention].isCharged);
  const effect = (kind: string, reference: string, amount: number) => ({
    kind,
    amount,
    metadata: { payment_id: `pay-${reference}` },
  });
  const pieces = (sku: string, stock: string) =>
    plans
      .filter(({ intention }) => ENDINGS[intention].stock === stock)
      .flatMap(({ lines }) => lines.filter((line) => line.sku === sku))
      .reduce((sum, { quantity }) => sum + quantity, 0);
  return {
    story: {
      plans,
      acknowledged: plans.map(({ reference, intention }) => ({
        reference,
        orderId: `ord-${reference}`,
        state: ENDINGS[intention].state,
      })),
      pieces: PIECES,
    },
    world: {
      orders: plans.map(({ reference, intention, total }) => ({
        id: `ord-${reference}`,
        reference,
        total,
        state: ENDINGS[intention].state,
        ...(ENDINGS[intention].isRefunded && { refund_state: 'refunded' }),
      })),
      products: Object.keys(PRICES).map((sku) => ({
        sku,
        on_hand: PIECES - pieces(sku, 'gone'),
        reserved: pieces(sku, 'reserved'),
      })),
      payments: plans
        .filter(({ intention }) => intention !== 'abandon')
        .map(({ reference, intention, total }) => ({
          id: `pay-${reference}`,
          reference: `ord-${reference}`,
          amount_captured: ENDINGS[intention].isCharged ? total : 0,
          amount_refunded: ENDINGS[intention].isRefunded ? total : 0,
        })),
      receipts: charged.map(({ reference, total }) => ({ data: { order_id: `ord-${reference}`, total } })),
      ledgerBalance: BigInt(
        charged
          .filter(({ intention }) => !ENDINGS[intention].isRefunded)
          .reduce((sum, { total }) => sum + total, 0),
      ),
      effects: charged.flatMap(({ reference, intention, total }) => [
        effect('charged', reference, total),
        ...(ENDINGS[intention].isRefunded ? [effect('refunded', reference, total)] : []),
      ]) as unknown as World['effects'],
    },
  };
}

describe('violations', () => {
  let { story, world } = allWell();
  beforeEach(() => {
    ({ story, world } = allWell());
  });
  const first = <Of>(items: readonly Of[]) => items[0]!;
  const changed = (items: readonly Item[], change: Item) => [
    { ...first(items), ...change },
    ...items.slice(1),
  ];

  it('are none when all went well', () => {
    expect(violations(story, world)).toEqual([]);
  });

  it.each<[string, () => void, RegExp]>([
    [
      'an order that was acknowledged and is gone',
      () => (world.orders = world.orders.slice(1)),
      /order test-1: there 0 times/,
    ],
    [
      'an order that is there twice',
      () => (world.orders = [first(world.orders), ...world.orders]),
      /order test-1: there 2 times/,
    ],
    [
      'an order of nobody',
      () => (world.orders = [...world.orders, { reference: 'else' }]),
      /order else: nobody's/,
    ],
    [
      'an order in another state',
      () => (world.orders = changed(world.orders, { state: 'payment_pending' })),
      /state is payment_pending, not paid/,
    ],
    [
      'an order that costs more',
      () => (world.orders = changed(world.orders, { total: 1 })),
      /order test-1: total/,
    ],
    [
      'a client that was told otherwise',
      () =>
        (story.acknowledged = [
          { ...first(story.acknowledged), state: 'cancelled' },
          ...story.acknowledged.slice(1),
        ]),
      /state that was told/,
    ],
    [
      'a piece that is lost',
      () => (world.products = changed(world.products, { on_hand: 1 })),
      /product CHAOS-A: on hand is 1/,
    ],
    [
      'a promise that is forgotten',
      () => (world.products = changed(world.products, { reserved: 0 })),
      /CHAOS-A: reserved is 0/,
    ],
    [
      'a second charge',
      () => (world.effects = [first(world.effects), ...world.effects]),
      /provider, order test-1 is charged (\d+), charged \1, not charged \1$/m,
    ],
    [
      'a charge that did not happen',
      () => (world.effects = world.effects.slice(1)),
      /provider, order test-1 is nothing, not charged/,
    ],
    [
      'a charge that payments knows nothing of',
      () => (world.payments = world.payments.slice(1)),
      /payment pay-test-1 is not in payments/,
    ],
    [
      'a payment that is not captured',
      () => (world.payments = changed(world.payments, { amount_captured: 0 })),
      /captured and refunded is 0 0/,
    ],
    [
      'a refund that did not happen',
      () => (world.effects = world.effects.filter(({ kind }) => kind !== 'refunded')),
      /provider, order test-3 is charged \d+, not charged \d+, refunded/,
    ],
    ['a ledger that says otherwise', () => (world.ledgerBalance += 1n), /ledger: balance/],
    [
      'a receipt that is missing',
      () => (world.receipts = world.receipts.slice(1)),
      /receipts, order test-1 is nothing/,
    ],
    [
      'a receipt that is there twice',
      () => (world.receipts = [first(world.receipts), ...world.receipts]),
      /receipts, order test-1 is (\d+), \1, not \1$/m,
    ],
    [
      'a receipt of an order that was not paid',
      () => (world.receipts = [...world.receipts, { data: { order_id: 'ord-test-5', total: 1 } }]),
      /receipts, order test-5 is 1, not nothing/,
    ],
  ])('tell of %s', (_what, breakIt, told) => {
    breakIt();
    expect(violations(story, world).join('\n')).toMatch(told);
  });
});
