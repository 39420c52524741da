/** What becomes of an order, if its client gets its way in spite of everything. */
export interface Ending {
  readonly state: string;
  readonly isCharged: boolean;
  readonly isRefunded: boolean;
  /** What becomes of the pieces: promised to the order, sent away, or free to be sold. */
  readonly stock: 'reserved' | 'gone' | 'free';
}

const UNPAID = { isCharged: false, isRefunded: false } as const;
const PAID = { isCharged: true, isRefunded: false } as const;
const REFUNDED = { isCharged: true, isRefunded: true } as const;

/** All that a client may have in mind with an order. */
export const ENDINGS = {
  keep: { state: 'paid', ...PAID, stock: 'reserved' },
  ship: { state: 'shipped', ...PAID, stock: 'gone' },
  return: { state: 'returned', ...REFUNDED, stock: 'free' },
  cancel: { state: 'cancelled', ...REFUNDED, stock: 'free' },
  decline: { state: 'payment_failed', ...UNPAID, stock: 'reserved' },
  abandon: { state: 'cancelled', ...UNPAID, stock: 'free' },
} as const satisfies Record<string, Ending>;

export type Intention = keyof typeof ENDINGS;

/** Ten that are paid, and two that are not. */
const MIX: readonly Intention[] = [
  ...(['keep', 'ship', 'cancel', 'ship', 'decline', 'keep'] as const),
  ...(['return', 'ship', 'keep', 'abandon', 'ship', 'keep'] as const),
];

/** Stock keeping units with their prices in cents: sums of few pieces tell them apart. */
export const PRICES: Readonly<Record<string, number>> = {
  'CHAOS-A': 199,
  'CHAOS-B': 1_250,
  'CHAOS-C': 3_999,
  'CHAOS-D': 10_007,
};
const SKUS = Object.keys(PRICES);

/** An order that a client is going to place. */
export interface Plan {
  /** The caller's own name of the order, which it finds it by. Keys are derived from it. */
  readonly reference: string;
  readonly intention: Intention;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  /** In cents. */
  readonly total: number;
}

/** One of a round's orders. The same each time. */
export function makePlan(round: string, index: number): Plan {
  const lines = SKUS.slice(0, 1 + (index % SKUS.length)).map((sku, line) => ({
    sku,
    quantity: 1 + ((index + line) % 3),
  }));
  return {
    reference: `${round}-${index + 1}`,
    intention: MIX[index % MIX.length]!,
    lines,
    total: lines.reduce((sum, { sku, quantity }) => sum + PRICES[sku]! * quantity, 0),
  };
}
