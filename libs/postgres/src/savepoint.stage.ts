import { isWrite, Stage, type StageRun, type ToolContract, type ToolStage } from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { Database } from './database.ts';

/**
 * Undoes the rows of a handler that failed, so that its refusal can still be stored and audited in the same
 * transaction.
 */
@Injectable()
@Stage('savepoint')
export class SavepointStage implements ToolStage {
  constructor(private readonly database: Database) {}

  forTool(tool: ToolContract): StageRun | undefined {
    if (!isWrite(tool) || tool.effect === 'external') return undefined;
    return (call, next) =>
      this.database.savepoint(async () => {
        const outcome = await next(call);
        // Rejecting is what undoes a savepoint; the pipeline turns it into a failure again.
        if (!outcome.ok) throw outcome.error;
        return outcome;
      });
  }
}
