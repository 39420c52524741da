import { Stage, type StageRun, type ToolStage } from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { auditEntry } from './audit-entry.ts';
import { AuditMetrics } from './audit-metrics.ts';
import { BatchWriter } from './batch-writer.ts';
import { isCommitted, trackedCall } from './tracked-call.ts';

/**
 * Records every call that has no entry yet when it ends: reads, replays, refusals before the unit of work, and
 * whatever was rolled back. It sees the outcome that the caller gets.
 */
@Injectable()
@Stage('audit-outcome')
export class AuditOutcomeStage implements ToolStage {
  constructor(
    private readonly writer: BatchWriter,
    private readonly metrics: AuditMetrics,
  ) {}

  /** Every call of every tool is audited. */
  forTool(): StageRun {
    return async (call, next) => {
      const tracked = trackedCall(call);
      const outcome = await next(call);
      if (isCommitted(tracked, outcome)) this.metrics.recorded('transaction', 1);
      else {
        const entry = auditEntry(call, outcome, tracked);
        if (tracked.isExternal) await this.writer.write(entry);
        else this.writer.add(entry);
      }
      return outcome;
    };
  }
}
