import { describe, expect, it } from '@jest/globals';
import { INJECTIONS, PROTOTYPE_NAMES, TRAVERSALS, UNICODE } from '../fuzz/hostile-values.ts';
import { LeakDetector } from './leaks.ts';

describe('LeakDetector', () => {
  const detector = new LeakDetector({
    secrets: new Map(),
    tables: ['records', 'orders', 'payments'],
    markers: [],
  });

  it('takes nothing for a leak that a caller may have said', () => {
    for (const text of [...INJECTIONS, ...TRAVERSALS, ...UNICODE, ...PROTOTYPE_NAMES])
      expect([text, detector.find(text)]).toEqual([text, []]);
  });

  it('says what leaks, and where', () => {
    expect(detector.find(`${'x'.repeat(500)} insert into records (id) values ($1)`)).toEqual([
      expect.stringMatching(/^SQL: …x+ insert into records \(id\) values \(\$1\)…$/),
    ]);
  });

  it('knows no secret that is too short to be one', () => {
    const short = new LeakDetector({ secrets: new Map([['password', 'test']]), tables: [], markers: [] });
    expect(short.find('a test')).toEqual([]);
  });
});
