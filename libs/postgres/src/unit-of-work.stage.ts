import {
  isWrite,
  Stage,
  type Next,
  type RunningCall,
  type StageRun,
  type ToolContract,
  type ToolStage,
} from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { Database } from './database.ts';

/**
 * One transaction per call: read-only for tools that read. A success and a final refusal commit, so that the
 * refusal can be remembered and audited; everything else rolls back.
 *
 * Tools with an external effect get none: they run several units of work of their own.
 */
@Injectable()
@Stage('unit-of-work')
export class UnitOfWorkStage implements ToolStage {
  constructor(private readonly database: Database) {}

  forTool(tool: ToolContract): StageRun | undefined {
    if (tool.effect === 'external') return undefined;
    const mode = isWrite(tool) ? 'write' : 'read';
    return (call, next) => this.database[mode](scopeOf(call), () => committable(call, next));
  }
}

/** Rejecting is what makes a unit of work roll back; the pipeline turns it into a failure again. */
async function committable(call: RunningCall, next: Next) {
  const outcome = await next(call);
  if (!outcome.ok && !outcome.error.isFinal) throw outcome.error;
  return outcome;
}

function scopeOf({ principal, signal, deadline }: RunningCall) {
  return { tenant: principal.tenant, signal, deadline };
}
