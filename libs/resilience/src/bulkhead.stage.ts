import { sharedError } from '@gantry/errors';
import { failure, Stage, type StageRun, type ToolContract, type ToolStage } from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';

/**
 * Bounds how many calls of a tool run at once in this replica, so that one slow tool cannot take what the others
 * need. Nobody waits: a caller that is told so at once can go elsewhere, one in a queue only gets older.
 */
@Injectable()
@Stage('bulkhead')
export class BulkheadStage implements ToolStage {
  forTool({ name, limits: { concurrent } }: ToolContract): StageRun {
    let running = 0;
    return async (call, next) => {
      if (running >= concurrent) return failure(tooMany(name, concurrent));
      running += 1;
      const outcome = await next(call);
      running -= 1;
      return outcome;
    };
  }
}

function tooMany(tool: string, concurrent: number) {
  return sharedError(
    'rate_limited',
    `${concurrent} calls of ${tool} are running already; no more can run at once.`,
    {
      retryAfterSeconds: 1,
    },
  );
}
