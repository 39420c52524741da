import type { Load } from '../load/load.ts';
import { loadOnce, type Effort } from '../measure/rounds.ts';
import { endProgress, progress } from '../progress.ts';
import type { Entry } from '../scenarios/contender.ts';

/** Memory after so many calls. */
export interface MemoryPoint {
  readonly calls: number;
  readonly rss: number;
  /** Of the heap in use, all garbage collected. */
  readonly heap: number;
}

/** How the memory of one server went on. */
export interface MemoryFigures {
  readonly title: string;
  readonly points: readonly MemoryPoint[];
}

/** Where it is looked at, of a million calls. */
const SHARES = [0.1, 0.5, 1];

/** So many calls at once to the load generator, which keeps the latency of each. */
const BATCH = 50_000;

/** Calls one server so many times. */
export async function measureMemory(
  load: Load,
  entry: Entry,
  calls: number,
  effort: Effort,
): Promise<MemoryFigures> {
  const contender = await entry.start();
  try {
    const points: MemoryPoint[] = [await point(0)];
    for (const share of SHARES) {
      const until = Math.round(calls * share);
      for (let done = points.at(-1)!.calls; done < until; done += BATCH) {
        progress(`memory: ${done.toLocaleString('en')} of ${calls.toLocaleString('en')} calls …`);
        await loadOnce(load, contender, effort, Math.min(BATCH, until - done));
      }
      points.push(await point(until));
    }
    endProgress();
    return { title: contender.title, points };
  } finally {
    await contender.server.stop();
  }

  async function point(calls: number): Promise<MemoryPoint> {
    // First what the system has given, then what is left when nothing is garbage.
    const { rss } = await contender.server.usage();
    const { heapUsed } = await contender.server.usageWithoutGarbage();
    return { calls, rss, heap: heapUsed };
  }
}
