import type { GantryError } from '@gantry/errors';
import { Stage, type StageRun, type ToolStage } from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { Log } from './log.ts';

const MESSAGE = 'tool call';

/** Writes one line per call, when it is over. What the caller sent and got is not in it. */
@Injectable()
@Stage('log')
export class LogStage implements ToolStage {
  constructor(private readonly log: Log) {}

  /** Every tool is logged; its name comes from the context of the call. */
  forTool(): StageRun {
    return async (call, next) => {
      const start = performance.now();
      const outcome = await next(call);
      const fields = {
        outcome: outcome.ok ? 'ok' : outcome.error.code,
        duration_ms: Math.round((performance.now() - start) * 1_000) / 1_000,
        client: call.principal.client,
        subject: call.principal.subject,
        idempotent_replay: call.resultMeta['idempotent_replay'],
      };
      if (outcome.ok) this.log.info(fields, MESSAGE);
      else this.logFailure(fields, outcome.error);
      return outcome;
    };
  }

  /** A refusal is daily business; what the service itself failed at wants a reader, and its cause told. */
  private logFailure(fields: object, error: GantryError): void {
    const line = { ...fields, error_id: error.errorId };
    if (error.category !== 'server_error') this.log.info(line, MESSAGE);
    else if (error.code === 'internal_error') this.log.error({ ...line, err: error.cause ?? error }, MESSAGE);
    else this.log.warn({ ...line, err: error.cause }, MESSAGE);
  }
}
