import { memoryTable, replicaTable, scenarioNote, scenarioTable, startupTable } from './tables.ts';
import type { Report } from './report.ts';
import { markdownTable } from './table.ts';
import { targetTable } from './targets.ts';

const BEGIN = '<!-- begin of the measured part: node tools/bench/src/main.ts --write-docs -->';
const END = '<!-- end of the measured part -->';

/** Puts the measured part into the document, in place of an older one. */
export function withMeasured(document: string, report: Report): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`The document must have these two lines:\n${BEGIN}\n${END}`);
  return `${document.slice(0, begin + BEGIN.length)}\n\n${measuredPart(report)}\n\n${document.slice(end)}`;
}

function measuredPart(report: Report): string {
  const { startup, memory, replicas, scenarios } = report;
  const sections = [
    section('Machine', facts(report)),
    section('Targets', markdownTable(targetTable(report))),
    ...scenarios.map((scenario) =>
      section(scenario.title, markdownTable(scenarioTable(scenario)), scenarioNote(scenario)),
    ),
    startup && section('Start and idle memory', markdownTable(startupTable(startup))),
    memory && section('Memory after many calls', markdownTable(memoryTable(memory))),
    replicas &&
      section(
        'Replicas behind nginx',
        replicas.limit,
        replicas.figures.length > 0 && markdownTable(replicaTable(replicas)),
      ),
  ];
  return sections.filter(Boolean).join('\n\n');
}

function section(title: string, ...parts: readonly (string | undefined | false)[]): string {
  return [`## ${title}`, ...parts.filter(Boolean)].join('\n\n');
}

function facts({ at, machine, effort, loadAverageAfter }: Report): string {
  const load = (averages: readonly number[]) => averages.map((average) => average.toFixed(1)).join(' ');
  return [
    `- ${machine.cpu}, ${machine.processors} processors, ${(machine.memoryBytes / 1e9).toFixed(0)} GB, ${machine.system}`,
    `- Node ${machine.node}; ${machine.postgres}`,
    `- ${machine.pinning}`,
    `- load average ${load(machine.loadAverageBefore)} before the run, ${load(loadAverageAfter)} after it (the run itself is about 2)`,
    `- ${effort.rounds} rounds of ${effort.requests.toLocaleString('en')} requests over ${effort.connections} connections; database tools fewer requests`,
    `- Gantry at ${machine.commit}, ${at.slice(0, 10)}; ${Object.entries(machine.peers)
      .map(([name, version]) => `\`${name}\` ${version}`)
      .join(', ')}`,
  ].join('\n');
}
