import type { Fleet, ServiceName } from '../fleet/fleet.ts';
import type { Random } from '../fuzz/random.ts';
import { validArguments, type Schema } from '../fuzz/valid.ts';
import { codeOf, outputOf } from '../judge/rpc.ts';
import type { ToolPromise } from '../judge/results.ts';
import type { Plants } from '../plants/plant.ts';
import type { Check, Session } from '../session.ts';
import type { Subject } from '../subject.ts';

/** A family of attacks that are known. */
export interface Attack {
  readonly name: string;
  /** All of them unless told. */
  readonly services?: readonly ServiceName[];
  run(arena: Arena): Promise<void>;
}

/** Where an attack takes place. */
export interface Arena {
  readonly session: Session;
  readonly fleet: Fleet;
  readonly plants: Plants;
  readonly random: Random;
  /** A good token of a colleague of the attacker's. */
  readonly colleague: string;
  /** How many of those trials are made that are many and alike: 1 for all. */
  readonly thoroughness: number;
}

/** As many of these as the run has time for, the same ones for the same seed. */
export function* some<T>(
  { random, thoroughness }: Pick<Arena, 'random' | 'thoroughness'>,
  trials: Iterable<T>,
): Generator<T> {
  for (const trial of trials) if (thoroughness >= 1 || random.chance(thoroughness)) yield trial;
}

/** The answer must be a refusal; with one of these codes, if any are given. */
export function refused(...codes: readonly string[]): Check {
  return (answer) => {
    if (outputOf(answer) !== undefined) return 'it was carried out';
    const code = codeOf(answer);
    if (code === undefined) return 'it was not refused';
    return codes.length === 0 || codes.includes(code)
      ? undefined
      : `refused with ${code}, not ${codes.join(' or ')}`;
  };
}

/** The answer must have one of these HTTP statuses. */
export function hasStatus(...statuses: readonly number[]): Check {
  return ({ status }) =>
    statuses.includes(status) ? undefined : `HTTP status ${status}, not ${statuses.join(' or ')}`;
}

/** Arguments that would do, with some in place of others. */
export function argumentsWith(
  subject: Subject,
  tool: ToolPromise,
  random: Random,
  different: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return { ...validArguments(tool.inputSchema, random, subject.vocabulary), ...different };
}

/** Tools that have one of these arguments. */
export function toolsWith({ tools }: Subject, ...properties: readonly string[]): [ToolPromise, string][] {
  return [...tools.values()].flatMap((tool) =>
    Object.keys((tool.inputSchema as Schema).properties ?? {})
      .filter((property) => properties.includes(property))
      .map((property): [ToolPromise, string] => [tool, property]),
  );
}

/** Every argument of every tool that takes free text, by the path to it. */
export function textArguments(subject: Subject): [ToolPromise, string][] {
  return [...subject.tools.values()].flatMap((tool) =>
    Object.entries((tool.inputSchema as Schema).properties ?? {})
      .filter(([, { type }]) => type === 'string' || type === undefined)
      .map(([property]): [ToolPromise, string] => [tool, property]),
  );
}
