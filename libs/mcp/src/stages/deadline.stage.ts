import { asGantryError, GantryError, sharedError } from '@gantry/errors';
import { failure, Stage, type StageRun, type ToolContract, type ToolStage } from '@gantry/pipeline';
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
      const ending = new AbortController();
      const endWithOuter = () => ending.abort(asEnding(outer.reason));
      if (outer.aborted) return failure(asEnding(outer.reason));
      outer.addEventListener('abort', endWithOuter, { once: true });
      const deadlineTimer = setTimeout(() => ending.abort(timeoutOf(tool)), deadlineMs);
      let graceTimer: NodeJS.Timeout | undefined;
      const leftBehind = new Promise<undefined>((resolve) => {
        ending.signal.addEventListener(
          'abort',
          () => (graceTimer = setTimeout(() => resolve(undefined), GRACE_MS)),
          {
            once: true,
          },
        );
      });
      call.signal = ending.signal;
      call.deadline = performance.now() + deadlineMs;
      try {
        const outcome = await Promise.race([next(call), leftBehind]);
        return outcome ?? failure(asGantryError(ending.signal.reason));
      } finally {
        clearTimeout(deadlineTimer);
        clearTimeout(graceTimer);
        outer.removeEventListener('abort', endWithOuter);
      }
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
