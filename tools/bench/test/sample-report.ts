import type { ServerFigures } from '../src/measure/rounds.ts';
import { spread } from '../src/measure/statistics.ts';
import type { Report } from '../src/report/report.ts';

const MB = 1e6;

/** Of a server that needs so much processor time in each round, for tests. */
export function sampleServer(name: string, cpuMicros: readonly number[]): ServerFigures {
  return {
    name,
    title: `The ${name}`,
    cpuMicros: spread(cpuMicros),
    requestsPerSecond: spread([1_000]),
    p50: spread([1.234]),
    p99: spread([9.876]),
    loadCpuMicros: spread([50]),
    answerBytes: 100,
    failures: 0,
  };
}

/** A run, for tests. */
export function sampleReport(): Report {
  return {
    at: '2026-08-01T12:00:00.000Z',
    machine: {
      cpu: 'A processor',
      processors: 2,
      memoryBytes: 8e9,
      system: 'Linux 6',
      node: 'v24.0.0',
      commit: '0123456789ab-dirty',
      pinning: 'pinned: servers on processor 1',
      postgres: 'Postgres: embedded server',
      loadAverageBefore: [0.1, 0.2, 0.3],
      peers: { fastmcp: '4.0.0' },
    },
    effort: { rounds: 3, requests: 10_000, warmUp: 5_000, connections: 16 },
    loadAverageAfter: [2, 1, 1],
    scenarios: [
      {
        name: 'trivial',
        title: 'A trivial tool',
        requests: 10_000,
        rounds: 3,
        servers: [
          sampleServer('echo', [80, 90, 100]),
          sampleServer('sdk-2', [500, 600, 700]),
          sampleServer('gantry', [150, 160, 190]),
        ],
      },
    ],
    startup: [
      {
        name: 'records',
        title: 'Records',
        readyMs: spread([900, 1_100]),
        idleRss: spread([120 * MB]),
        idleHeap: spread([30 * MB]),
      },
    ],
    memory: [
      {
        title: 'Gantry',
        points: [
          { calls: 0, rss: 100 * MB, heap: 30 * MB },
          { calls: 100_000, rss: 120 * MB, heap: 35 * MB },
          { calls: 1_000_000, rss: 121 * MB, heap: 36 * MB },
        ],
      },
    ],
  };
}
