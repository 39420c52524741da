/**
 * How an order moves: for every state, the events that may happen in it and the state each leads to. The one
 * definition: types, rules and the drawing in the README are made from it, and a test holds the database to it.
 *
 * Refunds and receipts come on top of a state and change none. An event without a state to go to cannot happen.
 */
export const ORDER_MACHINE = {
  /** Its stock is reserved; nobody has paid yet. */
  placed: { payment_begun: 'payment_pending', cancelled: 'cancelled', expired: 'cancelled' },
  /** A payment is under way. What becomes of it decides, not the clock: the stock stays reserved. */
  payment_pending: { payment_succeeded: 'paid', payment_failed: 'payment_failed' },
  /** The money is there, the goods are not sent. */
  paid: { shipped: 'shipped', cancelled: 'cancelled' },
  /** The payment was refused. The stock is kept for another attempt, until the reservation expires. */
  payment_failed: { payment_begun: 'payment_pending', cancelled: 'cancelled', expired: 'cancelled' },
  /** The stock has left. */
  shipped: { delivered: 'delivered', returned: 'returned' },
  /** The customer has the goods. */
  delivered: { returned: 'returned' },
  /** Called off before it was sent, or never paid; what was paid is refunded. */
  cancelled: {},
  /** The goods are back in stock; what was paid is refunded. */
  returned: {},
} as const satisfies Record<string, Partial<Record<OrderEventType, string>>>;

/** What can happen to an order. */
export type OrderEventType =
  | 'payment_begun'
  | 'payment_succeeded'
  | 'payment_failed'
  | 'cancelled'
  | 'expired'
  | 'shipped'
  | 'delivered'
  | 'returned';

/** Where an order stands. */
export type OrderState = keyof typeof ORDER_MACHINE;

/** All states. */
export const ORDER_STATES = Object.keys(ORDER_MACHINE) as readonly OrderState[];

/** The state in which every order begins. */
export const INITIAL_STATE = 'placed' satisfies OrderState;

/** One arrow of the machine. */
export interface OrderTransition {
  readonly from: OrderState;
  readonly event: OrderEventType;
  readonly to: OrderState;
}

/** All arrows. */
export const ORDER_TRANSITIONS: readonly OrderTransition[] = ORDER_STATES.flatMap((from) =>
  Object.entries(ORDER_MACHINE[from]).map(([event, to]) => ({ from, event: event as OrderEventType, to })),
);

/** The state that an event leads to; `undefined` if it cannot happen here. */
export function nextState(from: OrderState, event: OrderEventType): OrderState | undefined {
  const arrows: Partial<Record<OrderEventType, OrderState>> = ORDER_MACHINE[from];
  return Object.hasOwn(arrows, event) ? arrows[event] : undefined;
}

/** Can an order in this state go nowhere any more? */
export function isFinalState(state: OrderState): boolean {
  return Object.keys(ORDER_MACHINE[state]).length === 0;
}

/** The machine as a Mermaid state diagram. */
export function stateDiagram(): string {
  return [
    'stateDiagram-v2',
    `    [*] --> ${INITIAL_STATE}`,
    ...ORDER_TRANSITIONS.map(({ from, event, to }) => `    ${from} --> ${to}: ${event}`),
    ...ORDER_STATES.filter(isFinalState).map((state) => `    ${state} --> [*]`),
  ].join('\n');
}
