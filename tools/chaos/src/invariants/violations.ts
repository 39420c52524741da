import type { Acknowledgement } from '../load/shopper.ts';
import { ENDINGS, type Ending, type Plan } from '../load/plans.ts';
import type { Item, World } from './world.ts';

/** What clients planned, what they were told, and how much there was to sell. */
export interface Story {
  readonly plans: readonly Plan[];
  readonly acknowledged: readonly Acknowledgement[];
  /** Pieces of each product at the beginning. */
  readonly pieces: number;
}

const endingOf = ({ intention }: Plan): Ending => ENDINGS[intention];
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** All that is not as it must be, one line each; none if a call took effect exactly once or not at all. */
export function violations(story: Story, world: World): string[] {
  return [
    ...ordersThatAreWrong(story, world),
    ...stockThatIsWrong(story, world),
    ...moneyThatIsWrong(story, world),
    ...receiptsThatAreWrong(story, world),
  ];
}

/** Every order that was acknowledged is there, once, in the state that its client was told; there are no others. */
function ordersThatAreWrong({ plans, acknowledged }: Story, { orders }: World): string[] {
  const byReference = groupBy(orders, ({ reference }) => reference as string);
  const told = new Map(acknowledged.map((one) => [one.reference, one]));
  const known = new Set(plans.map(({ reference }) => reference));
  return [
    ...[...byReference.keys()]
      .filter((reference) => !known.has(reference))
      .map((one) => `order ${one}: nobody's`),
    ...plans.flatMap((plan) => {
      const { reference, total } = plan;
      const found = byReference.get(reference) ?? [];
      if (found.length !== 1) return [`order ${reference}: there ${found.length} times`];
      const [order] = found as [Item];
      const { state } = endingOf(plan);
      const ack = told.get(reference);
      return [
        ...differences(`order ${reference}: state`, order['state'], state),
        ...differences(`order ${reference}: total`, order['total'], total),
        ...(ack ? differences(`order ${reference}: id that was told`, ack.orderId, order['id']) : []),
        ...(ack ? differences(`order ${reference}: state that was told`, ack.state, state) : []),
        ...differences(
          `order ${reference}: refund`,
          order['refund_state'],
          endingOf(plan).isRefunded ? 'refunded' : undefined,
        ),
      ];
    }),
  ];
}

/** Pieces are where the orders' states say; none is lost, none is sold twice. */
function stockThatIsWrong({ plans, pieces }: Story, { products }: World): string[] {
  return products.flatMap(({ sku, on_hand, reserved }) => {
    const ordered = (stock: Ending['stock']) =>
      sum(
        plans
          .filter((plan) => endingOf(plan).stock === stock)
          .flatMap(({ lines }) => lines.filter((line) => line.sku === sku).map(({ quantity }) => quantity)),
      );
    return [
      ...differences(`product ${sku as string}: on hand`, on_hand, pieces - ordered('gone')),
      ...differences(`product ${sku as string}: reserved`, reserved, ordered('reserved')),
    ];
  });
}

/** The provider took and gave back what it should, once; payments and its ledger say the same. */
function moneyThatIsWrong({ plans }: Story, { orders, payments, effects, ledgerBalance }: World): string[] {
  const orderIds = new Map(orders.map(({ id, reference }) => [reference, id]));
  const paymentsOf = groupBy(payments, ({ reference }) => reference as string);
  const moved = groupBy(
    effects.filter(({ kind }) => kind === 'charged' || kind === 'refunded'),
    ({ metadata }) => metadata['payment_id']!,
  );
  const known = new Set(payments.map(({ id }) => id));
  const kept = plans.filter((plan) => endingOf(plan).isCharged && !endingOf(plan).isRefunded);
  return [
    ...[...moved.keys()]
      .filter((id) => !known.has(id))
      .map((id) => `provider: payment ${id} is not in payments`),
    ...plans.flatMap((plan) => {
      const { reference, total } = plan;
      const { isCharged, isRefunded } = endingOf(plan);
      const ofOrder = paymentsOf.get(orderIds.get(reference) as string) ?? [];
      const found = ofOrder.flatMap(({ id }) => moved.get(id as string) ?? []);
      const expected = [
        ...(isCharged ? [`charged ${total}`] : []),
        ...(isRefunded ? [`refunded ${total}`] : []),
      ];
      return [
        ...differences(
          `provider, order ${reference}`,
          found.map(({ kind, amount }) => `${kind} ${amount}`).join(', '),
          expected.join(', '),
        ),
        ...differences(
          `payments, order ${reference}: captured and refunded`,
          `${sumOf(ofOrder, 'amount_captured')} ${sumOf(ofOrder, 'amount_refunded')}`,
          `${isCharged ? total : 0} ${isRefunded ? total : 0}`,
        ),
      ];
    }),
    ...differences('ledger: balance', ledgerBalance, BigInt(sum(kept.map(({ total }) => total)))),
  ];
}

/** Who paid has one receipt, of what was paid; nobody else has any. */
function receiptsThatAreWrong({ plans }: Story, { orders, receipts }: World): string[] {
  const orderIds = new Map(orders.map(({ id, reference }) => [reference, id]));
  const receiptsOf = groupBy(receipts, ({ data }) => (data as Item)['order_id'] as string);
  return plans.flatMap((plan) => {
    const totals = (receiptsOf.get(orderIds.get(plan.reference) as string) ?? []).map(
      ({ data }) => (data as Item)['total'],
    );
    const expected = endingOf(plan).isCharged ? [plan.total] : [];
    return differences(`receipts, order ${plan.reference}`, totals.join(', '), expected.join(', '));
  });
}

function differences(what: string, found: unknown, expected: unknown): string[] {
  return found === expected ? [] : [`${what} is ${shown(found)}, not ${shown(expected)}`];
}

const shown = (value: unknown) =>
  value === undefined || value === '' ? 'nothing' : `${value as string | number | bigint}`;

function sumOf(items: readonly Item[], field: string): number {
  return sum(items.map((item) => item[field] as number));
}

function groupBy<Item>(items: readonly Item[], key: (item: Item) => string): Map<string, Item[]> {
  return Map.groupBy(items, key);
}
