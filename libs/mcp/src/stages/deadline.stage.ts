import { GantryError, sharedError } from '@gantry/errors';
import {
  failure,
  Stage,
  type Outcome,
  type StageRun,
  type ToolContract,
  type ToolStage,
} from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';

/** After its end was called for, the work has this long to roll back before the caller is answered without it. */
const GRACE_MS = 500;

/**
 * Bounds how long a call may take. The signal tells the work to stop, and the unit of work rolls back on it;
 * a handler that does not listen is left behind after a short grace, and the caller is answered all the same.
 */
@Injectable()
@Stage('deadline')
export class DeadlineStage implements ToolStage {
  forTool(tool: ToolContract): StageRun {
    const { deadlineMs } = tool.limits;
    return async (call, next) => {
      const outer = call.signal;
      if (outer.aborted) return failure(asEnding(outer.reason));
      const ending = new AbortController();
      const leaving = Promise.withResolvers<Outcome>();
      let graceTimer: NodeJS.Timeout | undefined;
      const end = (reason: GantryError) => {
        if (ending.signal.aborted) return;
        ending.abort(reason);
        graceTimer = setTimeout(() => leaving.resolve(failure(reason)), GRACE_MS);
      };
      const endWithOuter = () => end(asEnding(outer.reason));
      outer.addEventListener('abort', endWithOuter);
      const deadlineTimer = setTimeout(() => end(timeoutOf(tool)), deadlineMs);
      call.signal = ending.signal;
      call.deadline = performance.now() + deadlineMs;
      void next(call).then(leaving.resolve);
      const outcome = await leaving.promise;
      clearTimeout(deadlineTimer);
      clearTimeout(graceTimer);
      outer.removeEventListener('abort', endWithOuter);
      return outcome;
    };
  }
}

function timeoutOf(tool: ToolContract): GantryError {
  return sharedError('timeout', `${tool.name} did not finish within ${tool.limits.deadlineMs} ms.`);
}

/** The error that a call ended from outside is answered with. */
function asEnding(reason: unknown): GantryError {
  return reason instanceof GantryError ? reason : sharedError('cancelled', 'The call was cancelled.');
}
