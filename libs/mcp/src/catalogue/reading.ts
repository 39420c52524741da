import {
  composePipeline,
  defineTool,
  success,
  type Failure,
  type StageSlot,
  type ToolLimits,
  type ToolStage,
} from '@gantry/pipeline';
import type { z } from 'zod';
import type { ResourceRequest } from './resource.ts';
import { runningCall, type CallRequest } from './running-call.ts';

/** The stages of the service by their slots. */
export type Stages = ReadonlyMap<StageSlot, ToolStage>;

/** What a reading is to the stages. */
export interface ReadingContract<Input extends z.ZodObject, Output extends z.ZodObject> {
  /** In logs, metrics, limits and the audit trail, where a tool has its name: `read_resource:order`. */
  readonly name: string;
  readonly input: Input;
  readonly output: Output;
  readonly scopes: readonly string[];
  readonly limits?: Partial<ToolLimits> | undefined;
}

/** How a reading ended. */
export type ReadOutcome<Output> = { readonly ok: true; readonly output: Output } | Failure;

/** Something that is read, with its pipeline around it. Never rejects. */
export type Reading<Output> = (args: unknown, request: CallRequest) => Promise<ReadOutcome<Output>>;

/**
 * Composes, once at start, the pipeline of something that is read but is no tool. It gets the same stages as a tool
 * that reads: it is authorised, limited, bounded in time, traced, logged, measured and audited no other way.
 */
export function composeReading<Input extends z.ZodObject, Output extends z.ZodObject>(
  { name, input, output, scopes, limits = {} }: ReadingContract<Input, Output>,
  stages: Stages,
  work: (input: z.output<Input>, request: ResourceRequest) => Promise<z.input<Output>>,
): Reading<z.output<Output>> {
  const contract = defineTool({
    name,
    title: name,
    description: '',
    effect: 'read',
    input,
    output,
    scopes,
    limits,
  });
  const run = composePipeline(contract, stages, async (call) =>
    success(await work(call.input as z.output<Input>, { principal: call.principal, signal: call.signal })),
  );
  // The validate-output stage has made sure of the type.
  return async (args, request) =>
    (await run(runningCall(contract, args, request))) as ReadOutcome<z.output<Output>>;
}
