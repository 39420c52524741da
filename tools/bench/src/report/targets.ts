import type { Report } from './report.ts';
import type { Table } from './table.ts';

/** What we want to reach. */
interface Target {
  readonly text: string;
  /** The figure; undefined if it was not measured. */
  readonly measured: (report: Report) => number | undefined;
  readonly bound: number;
  /** Default: the figure may be at most the bound. */
  readonly atLeast?: true;
  readonly unit: string;
}

const MB = 1e6;

const TARGETS: readonly Target[] = [
  {
    text: 'A trivial tool with everything on, beside the echo',
    measured: (report) => ratio(report, 'trivial', 'gantry', 'echo'),
    bound: 2,
    unit: '×',
  },
  {
    text: 'SDK 2 with nothing on, beside Gantry with everything on',
    measured: (report) => ratio(report, 'trivial', 'sdk-2', 'gantry'),
    bound: 3,
    atLeast: true,
    unit: '×',
  },
  {
    text: 'tools/list, beside an echo of the same bytes',
    measured: (report) => ratio(report, 'tools-list', 'gantry', 'echo'),
    bound: 2,
    unit: '×',
  },
  {
    text: 'get_record, beside the same SQL by hand',
    measured: (report) => ratio(report, 'get-record', 'gantry', 'by-hand'),
    bound: 1.5,
    unit: '×',
  },
  {
    text: 'create_record, beside the same SQL by hand',
    measured: (report) => ratio(report, 'create-record', 'gantry', 'by-hand'),
    bound: 1.5,
    unit: '×',
  },
  {
    text: 'records ready after its start',
    measured: ({ startup }) => startup?.find(({ name }) => name === 'records')?.readyMs.median,
    bound: 1_000,
    unit: ' ms',
  },
  {
    text: 'records idle, resident',
    measured: ({ startup }) => divided(startup?.find(({ name }) => name === 'records')?.idleRss.median, MB),
    bound: 130,
    unit: ' MB',
  },
  {
    text: 'growth of the heap from a tenth of the calls to all of them, in total',
    measured: ({ memory }) => divided(memory && Math.max(...memory.map(({ points }) => growth(points))), MB),
    // Less than five bytes for each of 900,000 calls: what the collector leaves behind varies by as much.
    bound: 4,
    unit: ' MB',
  },
];

/** Which targets were reached; those that were not measured are left out. */
export function targetTable(report: Report): Table {
  return {
    head: ['target', 'wanted', 'measured', ''],
    rows: TARGETS.flatMap(({ text, measured, bound, atLeast, unit }) => {
      const figure = measured(report);
      if (figure === undefined) return [];
      const isReached = atLeast ? figure >= bound : figure <= bound;
      const digits = unit === '×' || figure < 10 ? 2 : 0;
      const wanted = `${atLeast ? '≥' : '≤'} ${bound}${unit}`;
      return [[text, wanted, `${figure.toFixed(digits)}${unit}`, isReached ? 'reached' : 'missed']];
    }),
  };
}

function ratio({ scenarios }: Report, scenario: string, of: string, to: string): number | undefined {
  const servers = scenarios.find(({ name }) => name === scenario)?.servers;
  const cpu = (name: string) => servers?.find((server) => server.name === name)?.cpuMicros.median;
  return divided(cpu(of), cpu(to));
}

function divided(figure: number | undefined, by: number | undefined): number | undefined {
  return figure === undefined || by === undefined ? undefined : figure / by;
}

/** Without the first tenth, in which code is compiled and caches fill. */
function growth(points: readonly { readonly heap: number }[]): number {
  return points.at(-1)!.heap - points[1]!.heap;
}
