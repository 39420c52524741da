import { writeFileSync } from 'node:fs';
import { WORK } from '../lab/folders.ts';
import type { Load } from '../load/load.ts';
import { loadOnce, type Effort } from '../measure/rounds.ts';
import { UsageError } from '../options.ts';
import { plainTable } from '../report/table.ts';
import type { Scenario } from '../scenarios/contender.ts';
import { OriginalPlaces } from './original-places.ts';
import { selfTimes, type CpuProfile } from './self-times.ts';

const SHOWN = 25;

/**
 * Profiles one server under the load of a scenario, warmed up, and says where its time went.
 *
 * @param which - server and scenario, such as `gantry:trivial`
 */
export async function profile(
  load: Load,
  scenarios: readonly Scenario[],
  which: string,
  effort: Effort,
): Promise<string> {
  const [name, scenarioName] = which.split(':');
  const entry = scenarios
    .find((each) => each.name === scenarioName)
    ?.entries.find((each) => each.name === name);
  if (!entry) {
    const known = scenarios.flatMap((each) => each.entries.map((one) => `${one.name}:${each.name}`));
    throw new UsageError(`There is no ${which}; there are ${known.join(', ')}.`);
  }
  const contender = await entry.start();
  try {
    await loadOnce(load, contender, effort, effort.warmUp * 2);
    const before = await contender.server.usage();
    await contender.server.startProfile();
    await loadOnce(load, contender, effort, effort.requests);
    const profiled = (await contender.server.stopProfile()) as CpuProfile;
    const after = await contender.server.usage();
    const file = `${WORK}/${name}-${scenarioName}.cpuprofile`;
    writeFileSync(file, JSON.stringify(profiled));
    const perRequest = ((after.cpuMicros - before.cpuMicros) / effort.requests).toFixed(0);
    return [
      topTable(profiled, effort.requests),
      '',
      `${perRequest} µs of processor time a request, the profiler's own included. Open ${file} in Chrome's developer tools.`,
    ].join('\n');
  } finally {
    await contender.server.stop();
  }
}

function topTable(profiled: CpuProfile, requests: number): string {
  const places = new OriginalPlaces();
  const all = selfTimes(profiled, (frame) => places.of(frame));
  // The first and the last sample are the profiler's own doing.
  const busy = all.filter(({ name, place }) => name !== '(idle)' && place !== 'node:inspector');
  const total = busy.reduce((sum, { micros }) => sum + micros, 0);
  const top = busy
    .slice(0, SHOWN)
    .map(({ name, place, micros }) => [
      `${name}  ${place}`,
      `${((100 * micros) / total).toFixed(1)} %`,
      (micros / requests).toFixed(2),
    ]);
  return plainTable({ head: ['self time of', 'share', 'µs/request'], rows: top });
}
