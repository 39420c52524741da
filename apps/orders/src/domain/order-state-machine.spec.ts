import { describe, expect, it } from '@jest/globals';
import {
  INITIAL_STATE,
  isFinalState,
  nextState,
  ORDER_STATES,
  ORDER_TRANSITIONS,
  stateDiagram,
  type OrderState,
} from './order-state-machine.ts';

function reachableFrom(start: OrderState): Set<OrderState> {
  const reached = new Set([start]);
  for (const state of reached)
    for (const { from, to } of ORDER_TRANSITIONS) if (from === state) reached.add(to);
  return reached;
}

describe('the order machine', () => {
  it('reaches every state', () => {
    expect([...reachableFrom(INITIAL_STATE)].sort()).toEqual([...ORDER_STATES].sort());
  });

  it('always has a way to an end', () => {
    for (const state of ORDER_STATES)
      expect([...reachableFrom(state)].filter(isFinalState).length).toBeGreaterThan(0);
  });

  it('ends in a cancellation or a return, and nowhere else', () => {
    expect(ORDER_STATES.filter(isFinalState)).toEqual(['cancelled', 'returned']);
  });

  it('lets neither a caller nor the clock call off what is being paid', () => {
    expect(nextState('payment_pending', 'cancelled')).toBeUndefined();
    expect(nextState('payment_pending', 'expired')).toBeUndefined();
  });

  it('lets the clock call off only what nobody has paid', () => {
    const byClock = ORDER_TRANSITIONS.filter(({ event }) => event === 'expired');
    expect(byClock.map(({ from, to }) => [from, to])).toEqual([
      ['placed', 'cancelled'],
      ['payment_failed', 'cancelled'],
    ]);
  });

  it('sends nothing that is not paid, and takes nothing back that was not sent', () => {
    const into = (event: string) =>
      ORDER_TRANSITIONS.filter((arrow) => arrow.event === event).map(({ from }) => from);
    expect(into('shipped')).toEqual(['paid']);
    expect(into('returned')).toEqual(['shipped', 'delivered']);
  });

  it('knows no event by the name of something every object has', () => {
    expect(nextState('paid', 'toString' as never)).toBeUndefined();
  });
});

describe('stateDiagram', () => {
  it('draws every arrow, where it begins and where it ends', () => {
    expect(stateDiagram().split('\n')).toEqual([
      'stateDiagram-v2',
      '    [*] --> placed',
      '    placed --> payment_pending: payment_begun',
      '    placed --> cancelled: cancelled',
      '    placed --> cancelled: expired',
      '    payment_pending --> paid: payment_succeeded',
      '    payment_pending --> payment_failed: payment_failed',
      '    paid --> shipped: shipped',
      '    paid --> cancelled: cancelled',
      '    payment_failed --> payment_pending: payment_begun',
      '    payment_failed --> cancelled: cancelled',
      '    payment_failed --> cancelled: expired',
      '    shipped --> delivered: delivered',
      '    shipped --> returned: returned',
      '    delivered --> returned: returned',
      '    cancelled --> [*]',
      '    returned --> [*]',
    ]);
  });
});
