import { describe, expect, it } from '@jest/globals';
import { withMeasured } from '../src/report/markdown.ts';
import { printedScenario } from '../src/report/printed.ts';
import { markdownTable, plainTable } from '../src/report/table.ts';
import {
  memoryTable,
  replicaTable,
  scenarioNote,
  scenarioTable,
  startupTable,
} from '../src/report/tables.ts';
import { targetTable } from '../src/report/targets.ts';
import { sampleReport, sampleServer } from './sample-report.ts';

const table = {
  head: ['server', 'µs'],
  rows: [
    ['echo', '82'],
    ['a longer one', '1234'],
  ],
};

describe('a table', () => {
  it('has its figures one below the other', () => {
    expect(plainTable(table)).toBe(
      ['server          µs', 'echo            82', 'a longer one  1234'].join('\n'),
    );
  });

  it('is aligned in Markdown too, as the formatter wants it', () => {
    expect(markdownTable(table)).toBe(
      [
        '| server       |   µs |',
        '| ------------ | ---: |',
        '| echo         |   82 |',
        '| a longer one | 1234 |',
      ].join('\n'),
    );
  });
});

describe('a comparison', () => {
  const [scenario] = sampleReport().scenarios;

  it('relates the medians to that of the first server', () => {
    const rows = scenarioTable(scenario!).rows;
    expect(rows.map((row) => row.slice(0, 4))).toEqual([
      ['The echo', '90', '80–100', '1.00'],
      ['The sdk-2', '600', '500–700', '6.67'],
      ['The gantry', '160', '150–190', '1.78'],
    ]);
  });

  it('says when the wall figures are those of the load generator', () => {
    expect(scenarioNote(scenario!)).toBeUndefined();
    const quick = { ...scenario!, servers: [sampleServer('echo', [40]), sampleServer('gantry', [60])] };
    expect(scenarioNote(quick)).toContain('busier than The echo:');
    expect(printedScenario(quick)).toContain('busier than The echo:');
  });
});

describe('other tables', () => {
  const { startup, memory } = sampleReport();

  it('show bytes as megabytes', () => {
    expect(startupTable(startup!).rows[0]).toEqual([
      'Records',
      '1000',
      '900–1100',
      '120.0',
      '120.0–120.0',
      '30.0',
    ]);
    expect(memoryTable(memory!).rows.at(-1)).toEqual(['Gantry, 1,000,000', '121.0', '36.0']);
  });

  it('relate replicas to one of them', () => {
    const figures = [1_000, 1_900].map((perSecond, index) => ({
      replicas: index + 1,
      requestsPerSecond: { median: perSecond, min: perSecond, max: perSecond },
      p99: { median: 5, min: 5, max: 5 },
      failures: 0,
    }));
    expect(replicaTable({ figures }).rows.map((row) => row[3])).toEqual(['1.00', '1.90']);
  });
});

describe('targets', () => {
  it('are reached or missed, and left out if nothing was measured', () => {
    const verdicts = targetTable(sampleReport()).rows.map(([, wanted, measured, verdict]) => [
      wanted,
      measured,
      verdict,
    ]);
    expect(verdicts).toEqual([
      ['≤ 2×', '1.78×', 'reached'],
      ['≥ 3×', '3.75×', 'reached'],
      ['≤ 1000 ms', '1000 ms', 'reached'],
      ['≤ 130 MB', '120 MB', 'reached'],
      ['≤ 4 MB', '1.00 MB', 'reached'],
    ]);
  });

  it('are missed by what is more than wanted, and less', () => {
    const report = sampleReport();
    const [scenario] = report.scenarios;
    const slow = {
      ...scenario!,
      servers: [sampleServer('echo', [100]), sampleServer('sdk-2', [500]), sampleServer('gantry', [201])],
    };
    expect(targetTable({ ...report, scenarios: [slow] }).rows.map((row) => row[3])).toEqual([
      'missed',
      'missed',
      'reached',
      'reached',
      'reached',
    ]);
  });
});

describe('the document', () => {
  const frame = [
    'Before.',
    '<!-- begin of the measured part: node tools/bench/src/main.ts --write-docs -->',
    'Old figures.',
    '<!-- end of the measured part -->',
    'After.',
  ].join('\n');

  it('gets new figures between its markers, and stays as it is otherwise', () => {
    const once = withMeasured(frame, sampleReport());
    expect(once).toMatch(/^Before\.\n/);
    expect(once).toMatch(/\nAfter\.$/);
    expect(once).not.toContain('Old figures.');
    expect(once).toContain('| The gantry |');
    expect(once).toContain('A processor, 2 processors, 8 GB');
    expect(withMeasured(once, sampleReport())).toBe(once);
  });

  it('must have the markers', () => {
    expect(() => withMeasured('# Benchmarks', sampleReport())).toThrow('must have these two lines');
  });
});
