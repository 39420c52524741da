import { setTimeout as sleep } from 'node:timers/promises';
import { spread, type Spread } from '../measure/statistics.ts';
import { endProgress, progress } from '../progress.ts';
import type { Kit, Running } from '../scenarios/kit.ts';

/** What a process costs before it has anything to do. */
export interface StartupFigures {
  readonly name: string;
  readonly title: string;
  /** Milliseconds from the start of the process to its first answer; of a service, to /health/ready. */
  readonly readyMs: Spread;
  /** Bytes resident after ten seconds without a call. */
  readonly idleRss: Spread;
  /** Bytes of the heap in use, all garbage collected. */
  readonly idleHeap: Spread;
}

/** V8 gives back what a start leaves when nothing has happened for eight seconds. */
const IDLE_MS = 10_000;

/** Starts each server so many times. */
export async function measureStartup(kit: Kit, rounds: number): Promise<StartupFigures[]> {
  const servers: [string, string, () => Promise<Running>][] = [
    ['echo', 'node:http echo', () => kit.peer('echo.js')],
    ['sdk-2', 'SDK 2, bare', () => kit.peer('sdk-2.js')],
    ['mcp-nest', 'mcp-nest on Fastify, bare', () => kit.peer('mcp-nest.js')],
    ['gantry', 'Gantry, one trivial tool', () => kit.trivial()],
    ['records', 'Gantry: the records service', () => kit.records()],
  ];
  // The database has to be there, and bytecode as an image has it; neither is part of a start.
  for (const [, , start] of servers) await (await start()).server.stop();
  const measured = servers.map(() => ({ ready: [] as number[], rss: [] as number[], heap: [] as number[] }));
  for (let round = 0; round < rounds; round++) {
    for (const [index, [, title, start]] of servers.entries()) {
      progress(`startup: round ${round + 1} of ${rounds}, ${title} …`);
      const { server } = await start();
      await sleep(IDLE_MS);
      const { rss } = await server.usage();
      const { heapUsed } = await server.usageWithoutGarbage();
      await server.stop();
      measured[index]!.ready.push(server.readyAfterMs);
      measured[index]!.rss.push(rss);
      measured[index]!.heap.push(heapUsed);
    }
  }
  endProgress();
  return servers.map(([name, title], index) => {
    const { ready, rss, heap } = measured[index]!;
    return { name, title, readyMs: spread(ready), idleRss: spread(rss), idleHeap: spread(heap) };
  });
}
