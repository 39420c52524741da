import { parseArgs } from 'node:util';
import type { Effort } from './measure/rounds.ts';

const FULL: Effort = { rounds: 5, requests: 10_000, warmUp: 5_000, connections: 16 };
const QUICK: Effort = { rounds: 3, requests: 2_000, warmUp: 2_000, connections: 16 };

/** What can be measured, in this order. */
export const PARTS = [
  'trivial',
  'tools-list',
  'get-record',
  'create-record',
  'list-records',
  'startup',
  'replicas',
  'memory',
] as const;

/** One of them. */
export type Part = (typeof PARTS)[number];

/** What the command line says. */
export interface Options {
  readonly effort: Effort;
  readonly parts: ReadonlySet<Part>;
  readonly memoryCalls: number;
  /** Server and part to profile, such as `gantry:trivial`; then nothing is measured. */
  readonly profile: string | undefined;
  /** Only write the figures of the last run into the document. */
  readonly writeDocs: boolean;
}

/** Is not an error of the program: for the person at the terminal. */
export class UsageError extends Error {}

/** Reads a command line. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parse(args);
  const effort = values.quick ? QUICK : FULL;
  const parts = values.only ? values.only.split(',').map(partNamed) : partsOf(values.quick);
  return {
    effort: { ...effort, rounds: whole('--rounds', values.rounds) ?? effort.rounds },
    parts: new Set(parts),
    memoryCalls: whole('--memory-calls', values['memory-calls']) ?? 1_000_000,
    profile: values.profile,
    writeDocs: values['write-docs'],
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        rounds: { type: 'string' },
        only: { type: 'string' },
        quick: { type: 'boolean', default: false },
        'memory-calls': { type: 'string' },
        profile: { type: 'string' },
        'write-docs': { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** A million calls are nothing for a quick look. */
function partsOf(quick: boolean): readonly Part[] {
  return quick ? PARTS.filter((part) => part !== 'memory') : PARTS;
}

function partNamed(name: string): Part {
  const part = PARTS.find((each) => each === name);
  if (!part) throw new UsageError(`There is no part '${name}'; there are ${PARTS.join(', ')}.`);
  return part;
}

function whole(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new UsageError(`${option} must be a whole number of at least 1, not ${text}.`);
  return number;
}
