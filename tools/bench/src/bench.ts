import { rmSync } from 'node:fs';
import { loadavg } from 'node:os';
import { machineFacts } from './facts/machine.ts';
import { measureMemory, type MemoryFigures } from './footprint/memory.ts';
import { hasNginx, limitOfReplicas, measureReplicas } from './footprint/replicas.ts';
import { measureStartup, type StartupFigures } from './footprint/startup.ts';
import { buildBundles, installPeers } from './lab/build.ts';
import { pinThisProcess } from './lab/cores.ts';
import { REPORT, WORK } from './lab/folders.ts';
import { Lab } from './lab/lab.ts';
import { playScenario, type ScenarioFigures } from './measure/rounds.ts';
import type { Options } from './options.ts';
import { profile } from './profile/profile.ts';
import { printed, printedScenario } from './report/printed.ts';
import { writeReport, type Replicas, type Report } from './report/report.ts';
import { memoryTable, replicaTable, startupTable } from './report/tables.ts';
import { targetTable } from './report/targets.ts';
import type { Scenario } from './scenarios/contender.ts';
import { Kit } from './scenarios/kit.ts';
import { records } from './scenarios/records.ts';
import { gantry, toolsList, trivial } from './scenarios/trivial.ts';

/** Measures, prints and writes what the options name. */
export async function bench(options: Options): Promise<void> {
  pinThisProcess();
  installPeers();
  console.log('Compiling and bundling the services …');
  const bundles = await buildBundles();
  const lab = await Lab.start();
  try {
    const kit = new Kit(lab, bundles);
    const scenarios: Scenario[] = [trivial(kit), toolsList(kit), ...records(kit)];
    if (options.profile) console.log(await profile(lab.load, scenarios, options.profile, options.effort));
    else await measureAll(kit, scenarios, options);
    // A million calls are a log of 300 MB. It is kept only if something went wrong.
    rmSync(`${WORK}/logs`, { recursive: true });
  } finally {
    await lab.close();
  }
}

async function measureAll(kit: Kit, scenarios: readonly Scenario[], options: Options): Promise<void> {
  const at = new Date().toISOString();
  const machine = machineFacts(kit.lab.postgres);
  const averages = machine.loadAverageBefore.map((average) => average.toFixed(1)).join(' ');
  console.log([machine.postgres, machine.pinning, `load average before: ${averages}`].join('\n'));
  const report: Report = {
    at,
    machine,
    effort: options.effort,
    scenarios: await measureScenarios(kit, scenarios, options),
    startup: options.parts.has('startup') ? await startup(kit, options) : undefined,
    replicas: options.parts.has('replicas') ? await replicas(kit, options) : undefined,
    memory: options.parts.has('memory') ? await memory(kit, options) : undefined,
    loadAverageAfter: loadavg(),
  };
  console.log(printed('Targets', targetTable(report)));
  writeReport(REPORT, report);
  console.log(`\nAll figures are in ${REPORT}.`);
}

async function measureScenarios(
  kit: Kit,
  scenarios: readonly Scenario[],
  { effort, parts }: Options,
): Promise<ScenarioFigures[]> {
  const measured: ScenarioFigures[] = [];
  for (const scenario of scenarios.filter(({ name }) => parts.has(name))) {
    const figures = await playScenario(kit.lab.load, scenario, effort);
    console.log(printedScenario(figures));
    measured.push(figures);
  }
  return measured;
}

async function startup(kit: Kit, { effort }: Options): Promise<StartupFigures[]> {
  const figures = await measureStartup(kit, effort.rounds);
  console.log(printed('Start and idle memory', startupTable(figures)));
  return figures;
}

async function replicas(kit: Kit, { effort }: Options): Promise<Replicas> {
  if (!hasNginx()) {
    const limit = 'Not measured: there is no nginx. Install it (Debian: nginx).';
    console.log(`\nReplicas behind nginx\n\n${limit}`);
    return { figures: [], limit };
  }
  const measured = { figures: await measureReplicas(kit, effort), limit: limitOfReplicas() };
  console.log(printed('Replicas behind nginx', replicaTable(measured), measured.limit));
  return measured;
}

async function memory(kit: Kit, { effort, memoryCalls }: Options): Promise<MemoryFigures[]> {
  const figures = [await measureMemory(kit.lab.load, gantry(kit), memoryCalls, effort)];
  console.log(printed('Memory after many calls', memoryTable(figures)));
  return figures;
}
