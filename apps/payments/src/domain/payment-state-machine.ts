/**
 * How a payment moves: for every state, the events that may happen in it and the state each leads to. The one
 * definition: types, rules and the drawing in the README are made from it, and a test holds the database to it.
 *
 * Refunds are counted by amounts, not by states. An event without a state to go to cannot happen.
 */
export const PAYMENT_MACHINE = {
  /** Waits for a second principal; nothing is at the provider. */
  approval_required: { approved: 'processing', cancelled: 'cancelled' },
  /** Under way; what the provider says will decide. */
  processing: {
    authorized: 'authorized',
    captured: 'captured',
    declined: 'declined',
    cancelled: 'cancelled',
    failed: 'failed',
    outcome_lost: 'unknown',
  },
  /** The provider may or may not have done what it was told. It is asked until it says so; nobody guesses. */
  unknown: {
    authorized: 'authorized',
    captured: 'captured',
    declined: 'declined',
    cancelled: 'cancelled',
    failed: 'failed',
  },
  /** The money is reserved: it can be captured once, up to this amount, or released. */
  authorized: { captured: 'captured', cancelled: 'cancelled', outcome_lost: 'unknown' },
  /** The money has moved. What was not captured is released. */
  captured: { refunded: 'captured', refund_failed: 'captured' },
  /** The provider said no. */
  declined: {},
  /** Released, or never sent. */
  cancelled: {},
  /** It ended before the payment method was asked, or could be: no money has moved, and none will. */
  failed: {},
} as const satisfies Record<string, Partial<Record<PaymentEventType, string>>>;

/** What can happen to a payment. */
export type PaymentEventType =
  | 'approved'
  | 'authorized'
  | 'captured'
  | 'declined'
  | 'cancelled'
  | 'failed'
  | 'outcome_lost'
  | 'refunded'
  | 'refund_failed';

/** Where a payment stands. */
export type PaymentState = keyof typeof PAYMENT_MACHINE;

/** All states. */
export const PAYMENT_STATES = Object.keys(PAYMENT_MACHINE) as readonly PaymentState[];

/** The states in which a payment may begin. */
export const INITIAL_STATES = ['processing', 'approval_required'] as const satisfies readonly PaymentState[];

/** One arrow of the machine. */
export interface PaymentTransition {
  readonly from: PaymentState;
  readonly event: PaymentEventType;
  readonly to: PaymentState;
}

/** All arrows. */
export const PAYMENT_TRANSITIONS: readonly PaymentTransition[] = PAYMENT_STATES.flatMap((from) =>
  Object.entries(PAYMENT_MACHINE[from]).map(([event, to]) => ({
    from,
    event: event as PaymentEventType,
    to,
  })),
);

/** The state that an event leads to; `undefined` if it cannot happen here. */
export function nextState(from: PaymentState, event: PaymentEventType): PaymentState | undefined {
  const arrows: Partial<Record<PaymentEventType, PaymentState>> = PAYMENT_MACHINE[from];
  return Object.hasOwn(arrows, event) ? arrows[event] : undefined;
}

/** Can nothing happen to a payment in this state any more? */
export function isFinalState(state: PaymentState): boolean {
  return Object.keys(PAYMENT_MACHINE[state]).length === 0;
}

/** The machine as a Mermaid state diagram. */
export function stateDiagram(): string {
  return [
    'stateDiagram-v2',
    ...INITIAL_STATES.map((state) => `    [*] --> ${state}`),
    ...PAYMENT_TRANSITIONS.map(({ from, event, to }) => `    ${from} --> ${to}: ${event}`),
    ...PAYMENT_STATES.filter(isFinalState).map((state) => `    ${state} --> [*]`),
  ].join('\n');
}
