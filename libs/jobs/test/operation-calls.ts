import { randomUUID } from 'node:crypto';
import { defineTool, type Principal } from '@gantry/pipeline';
import type { INestApplicationContext } from '@nestjs/common';
import { z } from 'zod';
import { CancelOperationTool, CheckOperationStatusTool, Operations, type Caller } from '../src/index.ts';
import { fill } from './operation-handlers.ts';
import type { Replica } from './replica.ts';

const tool = defineTool({
  name: 'fill_things',
  title: 'Fill',
  description: 'Fills.',
  input: z.strictObject({}),
  output: z.object({}),
  scopes: [],
  effect: 'create',
});

/** The call of a tool, as far as operations look at it. */
export function caller(who: Partial<Principal> = {}): Caller {
  return {
    principal: { tenant: 'acme', subject: 'alice', client: 'agent', scopes: new Set(), ...who },
    tool,
    requestId: `req_${randomUUID()}`,
  };
}

const toolCall = (call: Caller) => call as unknown as Parameters<CheckOperationStatusTool['call']>[1];

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
    tools(replica.app).status.call({ operation_id }, toolCall(call)),
  );
}

/** What the tool `cancel_operation` does. */
export function cancel(replica: Replica, operation_id: string, who?: Partial<Principal>) {
  const call = caller(who);
  return replica.write(
    () => tools(replica.app).cancel.call({ operation_id }, toolCall(call)),
    call.principal.tenant,
  );
}

function tools(app: INestApplicationContext) {
  return { status: app.get(CheckOperationStatusTool), cancel: app.get(CancelOperationTool) };
}
