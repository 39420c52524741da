import type { RunningCall } from './call.ts';
import { classMark } from './class-mark.ts';
import type { ToolContract } from './contract.ts';
import type { Outcome } from './outcome.ts';

/**
 * The places in the pipeline, outermost first. A stage registers for one of them with {@link Stage}.
 *
 * The unit of work stands outside idempotency so that the key row, the stored answer, the audit row and the
 * domain rows commit together; the savepoint inside it undoes the domain rows alone when the answer is a
 * refusal that has to be remembered. What never gets that far, or is rolled back, is audited from outside, by
 * how the call ended. See docs/decisions/0006. Answers of a person are looked at inside idempotency, so that a kept
 * answer is replayed whatever became of them, and used up in the transaction of the effect. See docs/decisions/0009.
 */
export const STAGE_SLOTS = [
  'trace',
  'log',
  'metrics',
  'audit-outcome',
  'authorize',
  'rate-limit',
  'bulkhead',
  'validate-input',
  'deadline',
  'unit-of-work',
  'idempotency',
  'elicitation',
  'single-use',
  'audit',
  'savepoint',
  'validate-output',
] as const;

/** Name of a place in the pipeline. */
export type StageSlot = (typeof STAGE_SLOTS)[number];

/** Continues with the rest of the pipeline. Never rejects. */
export type Next = (call: RunningCall) => Promise<Outcome>;

/** One stage, made for one tool. May answer itself, or call `next` once and pass on or change its outcome. */
export type StageRun = (call: RunningCall, next: Next) => Promise<Outcome>;

/**
 * A concern that is not the tool's business. Implementations are Nest providers marked with {@link Stage}.
 */
export interface ToolStage {
  /** Called once per tool at start. `undefined` if this stage has nothing to do for the tool: it then costs nothing. */
  forTool(tool: ToolContract): StageRun | undefined;
}

const slots = classMark<StageSlot>('stage-slot');

/** Marks a provider as the stage for a slot. */
export function Stage(slot: StageSlot): ClassDecorator {
  return (target) => slots.on(target, slot);
}

/** The slot a class was marked for, if any. */
export function stageSlotOf(type: unknown): StageSlot | undefined {
  return slots.of(type);
}
