import { describe, expect, it } from '@jest/globals';
import {
  INITIAL_STATES,
  isFinalState,
  nextState,
  PAYMENT_STATES,
  PAYMENT_TRANSITIONS,
  stateDiagram,
  type PaymentState,
} from './payment-state-machine.ts';

function reachableFrom(start: readonly PaymentState[]): Set<PaymentState> {
  const reached = new Set(start);
  for (const state of reached)
    for (const { from, to } of PAYMENT_TRANSITIONS) if (from === state) reached.add(to);
  return reached;
}

describe('the payment machine', () => {
  it('reaches every state', () => {
    expect([...reachableFrom(INITIAL_STATES)].sort()).toEqual([...PAYMENT_STATES].sort());
  });

  it('always has a way to an end: nothing stays under way for want of an arrow', () => {
    for (const state of PAYMENT_STATES) {
      const ends = [...reachableFrom([state])].filter((end) => isFinalState(end) || end === 'captured');
      expect(ends).not.toEqual([]);
    }
  });

  it('never leads away from an end', () => {
    expect(PAYMENT_STATES.filter(isFinalState)).toEqual(['declined', 'cancelled', 'failed']);
    expect(reachableFrom(['captured'])).toEqual(new Set(['captured']));
  });

  it('can learn in doubt whatever it could have learned before, and nothing that needs a caller', () => {
    expect(nextState('unknown', 'captured')).toBe('captured');
    expect(nextState('unknown', 'outcome_lost')).toBeUndefined();
    expect(nextState('approval_required', 'authorized')).toBeUndefined();
  });

  it('knows no event by the name of something every object has', () => {
    expect(nextState('captured', 'toString' as never)).toBeUndefined();
  });
});

describe('stateDiagram', () => {
  it('draws every arrow, where it begins and where it ends', () => {
    expect(stateDiagram().split('\n')).toEqual([
      'stateDiagram-v2',
      '    [*] --> processing',
      '    [*] --> approval_required',
      '    approval_required --> processing: approved',
      '    approval_required --> cancelled: cancelled',
      '    processing --> authorized: authorized',
      '    processing --> captured: captured',
      '    processing --> declined: declined',
      '    processing --> cancelled: cancelled',
      '    processing --> failed: failed',
      '    processing --> unknown: outcome_lost',
      '    unknown --> authorized: authorized',
      '    unknown --> captured: captured',
      '    unknown --> declined: declined',
      '    unknown --> cancelled: cancelled',
      '    unknown --> failed: failed',
      '    authorized --> captured: captured',
      '    authorized --> cancelled: cancelled',
      '    authorized --> unknown: outcome_lost',
      '    captured --> captured: refunded',
      '    captured --> captured: refund_failed',
      '    declined --> [*]',
      '    cancelled --> [*]',
      '    failed --> [*]',
    ]);
  });
});
