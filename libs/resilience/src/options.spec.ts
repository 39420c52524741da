import { describe, expect, it } from '@jest/globals';
import { withDefaults, type DependencyOptions } from './options.ts';

describe('the options of a dependency', () => {
  it('may all be left out', () => {
    expect(withDefaults({})).toEqual({
      deadlineMs: 10_000,
      attemptMs: 3_000,
      retry: { attempts: 3, firstMs: 100, maxMs: 2_000 },
      retryBudget: { ratio: 0.2, burst: 10 },
      breaker: { opensAfter: { failuresInARow: 5 }, openMs: 10_000 },
      bulkhead: { concurrent: 20, queued: 20 },
    });
  });

  it('may be given in part', () => {
    const { retryBudget, breaker } = withDefaults({ retryBudget: { burst: 3 }, breaker: { openMs: 500 } });
    expect(retryBudget).toEqual({ ratio: 0.2, burst: 3 });
    expect(breaker).toEqual({ opensAfter: { failuresInARow: 5 }, openMs: 500 });
  });

  it.each<[string, DependencyOptions]>([
    ['deadlineMs', { deadlineMs: Infinity }],
    ['deadlineMs', { deadlineMs: 0 }],
    ['attemptMs', { attemptMs: NaN }],
    ['attempts', { attempts: 0 }],
    ['attempts', { attempts: 1.5 }],
    ['backoff.maxMs', { backoff: { firstMs: 500, maxMs: 100 } }],
    ['retryBudget.ratio', { retryBudget: { ratio: 20 } }],
    ['retryBudget.burst', { retryBudget: { burst: -1 } }],
    ['breaker.openMs', { breaker: { openMs: 0 } }],
    ['failuresInARow', { breaker: { opensAfter: { failuresInARow: 0 } } }],
    ['failureShare', { breaker: { opensAfter: { failureShare: 50, ofLast: 20 } } }],
    ['ofLast', { breaker: { opensAfter: { failureShare: 0.5, ofLast: 0 } } }],
    ['bulkhead.concurrent', { bulkhead: { concurrent: 0 } }],
    ['bulkhead.queued', { bulkhead: { queued: -1 } }],
  ])('are refused at start if %s makes no sense', (name, options) => {
    expect(() => withDefaults(options)).toThrow(RangeError);
    expect(() => withDefaults(options)).toThrow(name);
  });
});
