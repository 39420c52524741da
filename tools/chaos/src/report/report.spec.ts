import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Fault } from '../faults/fault.ts';
import { LoadFigures } from '../load/load-figures.ts';
import type { RoundResult } from '../round.ts';
import { withFigures } from './document.ts';
import { aligned, details, table } from './printed.ts';
import { isGood, rowOf, type Report } from './report.ts';

const FAULT: Fault = { name: 'freeze', betweenMs: [1, 2], strike: () => Promise.resolve('orders') };

function round(changed: Partial<RoundResult> = {}): RoundResult {
  const figures = new LoadFigures();
  figures.acknowledged = 5;
  figures.repeated('no answer');
  figures.repeated('timeout');
  figures.repeated('timeout');
  for (const milliseconds of [10, 20, 30]) figures.took(milliseconds);
  const story = { plans: [], acknowledged: [], pieces: 1 };
  const strikes = ['orders', 'records', 'orders'];
  return { fault: FAULT, figures, strikes, tookMs: 1_500, restMs: 250, violations: [], story, ...changed };
}

describe('a row', () => {
  it('has the figures of its round', () => {
    expect(rowOf(round())).toEqual({
      fault: 'freeze',
      hits: { orders: 2, records: 1 },
      strikes: 3,
      calls: 8,
      acknowledged: 5,
      repeated: 3,
      reasons: { timeout: 2, 'no answer': 1 },
      unanswered: 0,
      violations: [],
      isFelt: true,
      tookMs: 1_500,
      recoveredMs: 250,
      p50Ms: 20,
      p99Ms: 30,
      maxMs: 30,
    });
  });

  it('is good if nothing was violated', () => {
    expect(isGood([rowOf(round())])).toBe(true);
  });

  it.each<[string, Partial<RoundResult>]>([
    ['something was violated', { violations: ['order some-1: there 2 times'] }],
    ['it never struck', { strikes: [] }],
    ['nobody felt it', { fault: { ...FAULT, isFelt: ({ hung }) => hung.length > 0 } }],
  ])('is not good if %s', (_what, changed) => {
    expect(isGood([rowOf(round()), rowOf(round(changed))])).toBe(false);
  });

  it('is needed: no fault, no proof', () => {
    expect(isGood([])).toBe(false);
  });
});

describe('what is printed', () => {
  it('has a line for each fault', () => {
    const [head, line] = aligned(table([rowOf(round())])).split('\n');
    expect(head).toMatch(/^fault {3,}strikes {2}calls {2}acknowledged {2}repeated/);
    expect(line).toMatch(/^freeze +3 +8 +5 +3 +0 +0 +1\.5 s +0\.3 s +20 \/ 30 \/ 30$/);
  });

  it('says what was hit and why calls were repeated', () => {
    expect(details(rowOf(round()))).toBe(
      'freeze: orders 2, records 1\n  repeated because of timeout 2, no answer 1',
    );
  });

  it('shows what went wrong, but not all of it', () => {
    const violations = Array.from({ length: 22 }, (_, index) => `order some-${index} is lost`);
    const told = details(rowOf(round({ violations, strikes: [] })));
    expect(told).toMatch(/never struck[^]*NOT FELT[^]*VIOLATION order some-0 is lost[^]*… and 2 more$/);
  });
});

describe('the document', () => {
  let report: Report;
  beforeEach(() => {
    report = {
      at: '2030-01-02T03:04:05.000Z',
      machine: {
        cpu: 'Some CPU',
        processors: 2,
        memoryBytes: 8e9,
        system: 'Linux 6',
        node: 'v24',
        commit: 'abc',
        servers: 'Postgres: embedded server; Redis: none',
        loadAverageBefore: [0.1, 0.2, 0.3],
      },
      loadAverageAfter: [2, 2, 1],
      orders: 300,
      strikes: 10,
      tookMs: 600_000,
      rows: [rowOf(round())],
      skipped: ['redis'],
    };
  });
  const page = (between: string) => `# Title\n\n<!-- chaos -->\n\n${between}\n\n<!-- /chaos -->\n\nMore.\n`;

  it('gets the table and where it is from, in place of an older one', () => {
    const written = withFigures(page('| old |'), report);
    expect(written).toContain('| fault  | strikes |');
    expect(written).toContain('| freeze |       3 |     8 |');
    expect(written).toContain('- load average 0.1 0.2 0.3 before the run, 2.0 2.0 1.0 after it\n');
    expect(written).toContain('- not run, for want of what it takes: redis\n');
    expect(written).not.toContain('old');
    expect(written).toMatch(/^# Title\n[^]*\n\n<!-- \/chaos -->\n\nMore\.\n$/);
    expect(withFigures(written, report)).toBe(written);
  });

  it('must have both marks', () => {
    expect(() => withFigures('# Title\n', report)).toThrow('<!-- chaos -->\n<!-- /chaos -->');
  });
});
