import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RetryBudget } from './retry-budget.ts';

describe('RetryBudget', () => {
  it('starts with the burst and earns a part of a retry with each call', () => {
    const budget = new RetryBudget({ ratio: 0.25, burst: 2 });
    expect([budget.spend(), budget.spend(), budget.spend()]).toEqual([true, true, false]);
    for (let calls = 0; calls < 3; calls += 1) budget.earn();
    expect(budget.spend()).toBe(false);
    budget.earn();
    expect([budget.spend(), budget.spend()]).toEqual([true, false]);
  });

  it('saves no more than the burst, however many calls need no retry', () => {
    const budget = new RetryBudget({ ratio: 0.5, burst: 2 });
    for (let calls = 0; calls < 1_000; calls += 1) budget.earn();
    expect([budget.spend(), budget.spend(), budget.spend()]).toEqual([true, true, false]);
  });

  it('never allows more than burst + ratio × calls, over any stretch of time', () => {
    const events = fc.array(fc.constantFrom('call', 'retry'), { maxLength: 200 });
    const ratios = fc.constantFrom(0, 0.1, 0.2, 0.5, 1);
    fc.assert(
      fc.property(events, ratios, fc.nat(5), fc.nat(200), (sequence, ratio, burst, from) => {
        const budget = new RetryBudget({ ratio, burst });
        const allowed = sequence.map((event) => {
          if (event === 'retry') return budget.spend();
          budget.earn();
          return false;
        });
        let calls = 0;
        let retries = 0;
        for (let index = from; index < sequence.length; index += 1) {
          if (sequence[index] === 'call') calls += 1;
          if (allowed[index]) retries += 1;
          expect(retries).toBeLessThanOrEqual(burst + ratio * calls + 1e-9);
        }
      }),
    );
  });
});
