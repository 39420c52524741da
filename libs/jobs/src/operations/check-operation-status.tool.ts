import {
  defineTool,
  Tool,
  type InputOf,
  type OutputOf,
  type ToolCall,
  type ToolHandler,
} from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { operationId, operationView } from './operation-view.ts';
import { Operations } from './operations.ts';

const checkOperationStatus = defineTool({
  name: 'check_operation_status',
  title: 'Check a long-running operation',
  description:
    'Tells how a long-running operation is doing: its status, how far it is, and once it is finished its result or error. Use it with the operation_id that another tool returned; wait poll_after_seconds between two looks. Only whoever started the operation can see it; everybody else, and everybody after expires_at, gets not_found. At most 120 calls a minute.',
  input: z.strictObject({ operation_id: operationId }),
  output: operationView,
  scopes: [],
  effect: 'read',
});

/** One of the two tools of every service with operations. */
@Injectable()
@Tool(checkOperationStatus)
export class CheckOperationStatusTool implements ToolHandler<typeof checkOperationStatus> {
  constructor(private readonly operations: Operations) {}

  call(
    input: InputOf<typeof checkOperationStatus>,
    call: ToolCall,
  ): Promise<OutputOf<typeof checkOperationStatus>> {
    return this.operations.status(call, input.operation_id);
  }
}
