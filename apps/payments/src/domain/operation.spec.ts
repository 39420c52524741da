import { describe, expect, it } from '@jest/globals';
import { expectSameArguments, isLaterPhase, OPERATION_PHASES, type PaymentOperation } from './operation.ts';

describe('isLaterPhase', () => {
  it('goes forward alone, and may leave phases out', () => {
    const later = OPERATION_PHASES.map((from) => OPERATION_PHASES.filter((to) => isLaterPhase(from, to)));
    expect(later).toEqual([
      ['started', 'intent_created', 'finished'],
      ['intent_created', 'finished'],
      ['finished'],
      [],
    ]);
  });
});

describe('expectSameArguments', () => {
  const operation = { tool: 'process_payment', fingerprint: Buffer.alloc(32, 1) };

  it('lets the same call come again', () => {
    expect(() => expectSameArguments(operation as PaymentOperation, Buffer.alloc(32, 1))).not.toThrow();
  });

  it('refuses another call with the same key', () => {
    expect(() => expectSameArguments(operation as PaymentOperation, Buffer.alloc(32, 2))).toThrow(
      expect.objectContaining({ code: 'idempotency_conflict', isFinal: true }),
    );
  });
});
