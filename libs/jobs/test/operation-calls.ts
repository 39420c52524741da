import type { Principal, RunningCall } from '@gantry/pipeline';
import { testCall, testTool } from '@gantry/testing';
import type { INestApplicationContext } from '@nestjs/common';
import type { z } from 'zod';
import { CancelOperationTool, CheckOperationStatusTool, Operations } from '../src/index.ts';
import { fill } from './operation-handlers.ts';
import type { Replica } from './replica.ts';

/** The call of a tool that starts operations. */
export function caller(who: Partial<Principal> = {}): RunningCall {
  return testCall({ tool: testTool({ name: 'fill_things', effect: 'create' }), principal: who });
}

/** Starts a fill and commits. */
export async function startFill(
  replica: Replica,
  input: z.input<(typeof fill)['input']>,
  who?: Partial<Principal>,
) {
  const call = caller(who);
  const { operation_id } = await replica.write(
    () => replica.app.get(Operations).start(call, fill, input),
    call.principal.tenant,
  );
  return operation_id;
}

/** What the tool `check_operation_status` says. */
export function check(replica: Replica, operation_id: string, who?: Partial<Principal>) {
  const call = caller(who);
  return replica.database.read({ tenant: call.principal.tenant }, () =>
    tools(replica.app).status.call({ operation_id }, call),
  );
}

/** What the tool `cancel_operation` does. */
export function cancel(replica: Replica, operation_id: string, who?: Partial<Principal>) {
  const call = caller(who);
  return replica.write(() => tools(replica.app).cancel.call({ operation_id }, call), call.principal.tenant);
}

function tools(app: INestApplicationContext) {
  return { status: app.get(CheckOperationStatusTool), cancel: app.get(CancelOperationTool) };
}
