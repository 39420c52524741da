import { CheckOperationStatusTool, type OperationView } from '@gantry/jobs';
import { waitFor } from '@gantry/testing';
import type { Caller, RecordsApp } from './records-app.ts';

/** Waits for the end of an operation. */
export function finished(app: RecordsApp, started: OperationView | undefined, caller?: Caller) {
  return waitFor(async () => {
    const view = await app.call(CheckOperationStatusTool, { operation_id: started!.operation_id }, caller);
    return view.poll_after_seconds === undefined ? view : undefined;
  }, 30_000);
}
