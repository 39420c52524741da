import { z } from 'zod';
import { composeReading, type ReadOutcome, type Stages } from './reading.ts';
import type { CompletionRequest } from './resource-template.ts';
import type { CallRequest } from './running-call.ts';

/** The protocol's limit. */
const MAX_VALUES = 100;

/** People type fast, and clients ask at every key. */
const LIMITS = { callsPerMinute: 600 };

const text = z.string().max(1_000);
const output = z.strictObject({ values: z.array(z.string()).max(MAX_VALUES), hasMore: z.boolean() });

/** What a completion found. */
export type Completion = z.output<typeof output>;

/** What is to be completed. */
export interface CompletionQuestion {
  readonly name: string;
  readonly prefix: string;
  /** As the client sent it. */
  readonly chosen: Readonly<Record<string, string>>;
}

/** Completes; never rejects. */
export type Completing = (
  asked: CompletionQuestion,
  request: CallRequest,
) => Promise<ReadOutcome<Completion>>;

/** What offers values for the parts of a URI or the arguments of a prompt. */
export interface Completer {
  complete?(name: string, prefix: string, request: CompletionRequest): Promise<readonly string[]>;
}

/** Composes the completion of `names`; `undefined` if their owner does not complete. */
export function composeCompletion(
  { name, scopes, names }: { name: string; scopes: readonly string[]; names: readonly string[] },
  stages: Stages,
  owner: Completer,
): Completing | undefined {
  if (!owner.complete || names.length === 0) return undefined;
  const input = z.strictObject({
    name: z.enum(names),
    prefix: text,
    chosen: z.strictObject(Object.fromEntries(names.map((other) => [other, text.optional()]))),
  });
  const reading = composeReading(
    { name, input, output, scopes, limits: LIMITS },
    stages,
    async (asked, request) => {
      const chosen = asked.chosen as Record<string, string>;
      const values = await owner.complete!(asked.name, asked.prefix, { ...request, chosen });
      return { values: values.slice(0, MAX_VALUES), hasMore: values.length > MAX_VALUES };
    },
  );
  return (asked, request) => {
    const chosen = Object.entries(asked.chosen).filter(([other]) => names.includes(other));
    return reading({ ...asked, chosen: Object.fromEntries(chosen) }, request);
  };
}
