import { isWrite, Stage, type StageRun, type ToolContract, type ToolStage } from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { auditEntry } from './audit-entry.ts';
import { AuditStore } from './audit-store.ts';
import { trackedCall } from './tracked-call.ts';

/**
 * Adds the entry of a write to the call's own transaction: an effect and its entry commit together or not at all,
 * and so do a final refusal and its entry. What rolls back is left to the audit-outcome stage.
 */
@Injectable()
@Stage('audit')
export class AuditStage implements ToolStage {
  constructor(private readonly store: AuditStore) {}

  /** Nothing to do for tools that read: their entries need not wait for a commit. */
  forTool(tool: ToolContract): StageRun | undefined {
    if (!isWrite(tool)) return undefined;
    if (tool.effect === 'external') return markExternal;
    return async (call, next) => {
      const outcome = await next(call);
      if (!outcome.ok && !outcome.error.isFinal) return outcome;
      const tracked = trackedCall(call);
      // If this fails the call fails: nothing takes effect without its entry.
      await this.store.insert(auditEntry(call, outcome, tracked));
      tracked.inserted = outcome;
      return outcome;
    };
  }
}

/** From here on the effect may happen, in units of work of the handler's own. */
const markExternal: StageRun = (call, next) => {
  trackedCall(call).isExternal = true;
  return next(call);
};
