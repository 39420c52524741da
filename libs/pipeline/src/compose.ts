import { asGantryError } from '@gantry/errors';
import type { ToolContract } from './contract.ts';
import { failure } from './outcome.ts';
import { STAGE_SLOTS, type Next, type StageRun, type StageSlot, type ToolStage } from './stage.ts';

/**
 * Builds the chain of one tool, once, at start: every stage that has something to do for it, in the order of
 * {@link STAGE_SLOTS}, around `handler`. The result never rejects: whatever is thrown inside becomes a failure.
 */
export function composePipeline(
  tool: ToolContract,
  stages: ReadonlyMap<StageSlot, ToolStage>,
  handler: Next,
): Next {
  const runs = STAGE_SLOTS.map((slot) => stages.get(slot)?.forTool(tool)).filter((run) => run !== undefined);
  return runs.reduceRight<Next>((next, run) => link(run, next), guard(handler));
}

function link(run: StageRun, next: Next): Next {
  return guard((call) => run(call, next));
}

function guard(step: Next): Next {
  return async (call) => {
    try {
      return await step(call);
    } catch (thrown) {
      return failure(asGantryError(thrown));
    }
  };
}
