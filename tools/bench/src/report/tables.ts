import type { MemoryFigures } from '../footprint/memory.ts';
import type { StartupFigures } from '../footprint/startup.ts';
import type { ScenarioFigures, ServerFigures } from '../measure/rounds.ts';
import type { Spread } from '../measure/statistics.ts';
import type { Replicas } from './report.ts';
import type { Table } from './table.ts';

/** One row for each server, the baseline first. */
export function scenarioTable({ servers }: ScenarioFigures): Table {
  const baseline = servers[0]!;
  return {
    head: ['server', 'CPU µs/request', 'min–max', '× baseline', 'requests/s', 'p50 ms', 'p99 ms', 'failed'],
    rows: servers.map((server) => [
      server.title,
      server.cpuMicros.median.toFixed(0),
      range(server.cpuMicros, 0),
      (server.cpuMicros.median / baseline.cpuMicros.median).toFixed(2),
      server.requestsPerSecond.median.toFixed(0),
      server.p50.median.toFixed(2),
      server.p99.median.toFixed(2),
      String(server.failures),
    ]),
  };
}

/** What its wall figures do not show, if so. */
export function scenarioNote({ servers }: ScenarioFigures): string | undefined {
  const isBusier = ({ loadCpuMicros, cpuMicros }: ServerFigures) => loadCpuMicros.median > cpuMicros.median;
  const slow = servers.filter(isBusier).map(({ title }) => title);
  if (slow.length === 0) return undefined;
  return `The load generator was busier than ${slow.join(', ')}: requests/s and latencies there are its own.`;
}

export function startupTable(figures: readonly StartupFigures[]): Table {
  return {
    head: ['server', 'ready after ms', 'min–max', 'idle RSS MB', 'min–max', 'idle heap MB'],
    rows: figures.map(({ title, readyMs, idleRss, idleHeap }) => [
      title,
      readyMs.median.toFixed(0),
      range(readyMs, 0),
      megabytes(idleRss.median),
      `${megabytes(idleRss.min)}–${megabytes(idleRss.max)}`,
      megabytes(idleHeap.median),
    ]),
  };
}

export function memoryTable(figures: readonly MemoryFigures[]): Table {
  return {
    head: ['server, after so many calls', 'RSS MB', 'heap MB'],
    rows: figures.flatMap(({ title, points }) =>
      points.map(({ calls, rss, heap }) => [
        `${title}, ${calls.toLocaleString('en')}`,
        megabytes(rss),
        megabytes(heap),
      ]),
    ),
  };
}

export function replicaTable({ figures }: Replicas): Table {
  return {
    head: ['replicas', 'requests/s', 'min–max', '× one', 'p99 ms', 'failed'],
    rows: figures.map(({ replicas, requestsPerSecond, p99, failures }) => [
      String(replicas),
      requestsPerSecond.median.toFixed(0),
      range(requestsPerSecond, 0),
      (requestsPerSecond.median / figures[0]!.requestsPerSecond.median).toFixed(2),
      p99.median.toFixed(1),
      String(failures),
    ]),
  };
}

function range({ min, max }: Spread, digits: number): string {
  return `${min.toFixed(digits)}–${max.toFixed(digits)}`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
