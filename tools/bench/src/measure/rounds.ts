import { setTimeout as sleep } from 'node:timers/promises';
import type { Load } from '../load/load.ts';
import type { LoadResult } from '../load/order.ts';
import { endProgress, progress } from '../progress.ts';
import type { Contender, Scenario } from '../scenarios/contender.ts';
import { spread, type Spread } from './statistics.ts';

/** How long a measurement takes. */
export interface Effort {
  readonly rounds: number;
  /** In each round, to each server. */
  readonly requests: number;
  /** To each server, ahead of the first round: V8 compiles by how often something ran, whatever it costs. */
  readonly warmUp: number;
  readonly connections: number;
}

/** What one server was measured at. */
export interface ServerFigures {
  readonly name: string;
  readonly title: string;
  /** Processor time of the server process for one request. */
  readonly cpuMicros: Spread;
  readonly requestsPerSecond: Spread;
  /** Milliseconds. */
  readonly p50: Spread;
  readonly p99: Spread;
  /** Processor time of the load generator: if it is more than the server's, the wall figures are its own. */
  readonly loadCpuMicros: Spread;
  readonly answerBytes: number;
  /** Answers that were not 200, or not right. */
  readonly failures: number;
}

/** A comparison that was made. */
export interface ScenarioFigures {
  readonly name: string;
  readonly title: string;
  readonly requests: number;
  readonly rounds: number;
  /** The baseline first. */
  readonly servers: readonly ServerFigures[];
}

/** A server goes on after the last answer: logs, audit batches (every 200 ms), metrics. That is its work as well. */
const AFTERMATH_MS = 300;

/** Ahead of each measurement, so that it does not begin with what the other servers left in the caches. */
const REFRESH = 0.05;

interface Measured extends LoadResult {
  readonly serverCpuMicros: number;
}

/** Starts all servers of a scenario and measures them by turns: what disturbs the machine meets all of them. */
export async function playScenario(load: Load, scenario: Scenario, effort: Effort): Promise<ScenarioFigures> {
  const requests = Math.ceil(effort.requests * scenario.share);
  const contenders: Contender[] = [];
  try {
    progress(`${scenario.name}: starting the servers, and warming them up …`);
    for (const entry of scenario.entries) contenders.push(await entry.start());
    for (const contender of contenders) await loadOnce(load, contender, effort, effort.warmUp);
    const measured = contenders.map((): Measured[] => []);
    for (let round = 0; round < effort.rounds; round++) {
      for (let turn = 0; turn < contenders.length; turn++) {
        // Each begins once: whoever comes after a costly server is not always the same.
        const index = (turn + round) % contenders.length;
        progress(`${scenario.name}: round ${round + 1} of ${effort.rounds}, ${contenders[index]!.title} …`);
        measured[index]!.push(await measure(load, contenders[index]!, effort, requests));
      }
    }
    endProgress();
    const servers = contenders.map((contender, index) => figures(contender, measured[index]!, requests));
    return { name: scenario.name, title: scenario.title, requests, rounds: effort.rounds, servers };
  } finally {
    await Promise.all(contenders.map(({ server }) => server.stop()));
  }
}

async function measure(
  load: Load,
  contender: Contender,
  effort: Effort,
  requests: number,
): Promise<Measured> {
  await loadOnce(load, contender, effort, Math.ceil(requests * REFRESH));
  await sleep(AFTERMATH_MS);
  const before = await contender.server.usage();
  const result = await loadOnce(load, contender, effort, requests);
  await sleep(AFTERMATH_MS);
  const after = await contender.server.usage();
  return { ...result, serverCpuMicros: after.cpuMicros - before.cpuMicros };
}

/** Sends requests and looks at one of the answers closely; a wrong one ends the benchmark, since its figures are worth nothing. */
export async function loadOnce(
  load: Load,
  { title, order, verify }: Contender,
  { connections }: Pick<Effort, 'connections'>,
  requests: number,
): Promise<LoadResult> {
  const result = await load.run({ ...order, connections, requests });
  try {
    verify(result.sample);
  } catch (error) {
    throw new Error(`${title} does not answer as it should: ${result.sample.slice(0, 1_000)}`, {
      cause: error,
    });
  }
  return result;
}

function figures({ name, title }: Contender, rounds: readonly Measured[], requests: number): ServerFigures {
  const of = (figure: (round: Measured) => number) => spread(rounds.map(figure));
  const failed = ({ failures, wrong }: Measured) =>
    Object.values(failures).reduce((sum, count) => sum + count, wrong);
  return {
    name,
    title,
    cpuMicros: of(({ serverCpuMicros }) => serverCpuMicros / requests),
    requestsPerSecond: of(({ seconds }) => requests / seconds),
    p50: of(({ p50 }) => p50),
    p99: of(({ p99 }) => p99),
    loadCpuMicros: of(({ cpuMicros }) => cpuMicros / requests),
    answerBytes: Buffer.byteLength(rounds[0]!.sample),
    failures: rounds.reduce((sum, round) => sum + failed(round), 0),
  };
}
