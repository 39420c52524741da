import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { MachineFacts } from '../facts/machine.ts';
import type { MemoryFigures } from '../footprint/memory.ts';
import type { ReplicaFigures } from '../footprint/replicas.ts';
import type { StartupFigures } from '../footprint/startup.ts';
import type { Effort, ScenarioFigures } from '../measure/rounds.ts';

/** All that a run found out; dist/bench.json is this. What was not measured is not there. */
export interface Report {
  /** ISO 8601: when it began. */
  readonly at: string;
  readonly machine: MachineFacts;
  readonly effort: Effort;
  readonly loadAverageAfter: readonly number[];
  readonly scenarios: readonly ScenarioFigures[];
  readonly startup?: readonly StartupFigures[];
  readonly memory?: readonly MemoryFigures[];
  readonly replicas?: Replicas;
}

/** Replicas behind nginx, or why not. */
export interface Replicas {
  readonly figures: readonly ReplicaFigures[];
  /** What keeps this machine from showing more. */
  readonly limit?: string | undefined;
}

export function writeReport(file: string, report: Report): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
}

export function readReport(file: string): Report {
  return JSON.parse(readFileSync(file, 'utf8')) as Report;
}
