import { asGantryError } from '@gantry/errors';
import type { ToolContract } from './contract.ts';
import { failure, type Failure } from './outcome.ts';
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

/** No async function: each of its calls would cost as much as a stage does. */
function guard(step: Next): Next {
  return (call) => {
    try {
      return step(call).catch(asFailure);
    } catch (thrown) {
      return Promise.resolve(asFailure(thrown));
    }
  };
}

function asFailure(thrown: unknown): Failure {
  return failure(asGantryError(thrown));
}
