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

const cancelOperation = defineTool({
  name: 'cancel_operation',
  title: 'Cancel a long-running operation',
  description:
    'Stops a long-running operation that is not finished. From then on it changes nothing more; what it had done up to its last progress stays, nothing is left half done. Returns where it stood. Cancelling a cancelled operation changes nothing. On operation_already_finished use check_operation_status to see what came of it. Only whoever started the operation can cancel it; everybody else gets not_found. At most 60 calls a minute.',
  input: z.strictObject({ operation_id: operationId }),
  output: operationView,
  scopes: [],
  effect: 'update',
  errors: ['operation_already_finished'],
  limits: { callsPerMinute: 60 },
});

/** One of the two tools of every service with operations. */
@Injectable()
@Tool(cancelOperation)
export class CancelOperationTool implements ToolHandler<typeof cancelOperation> {
  constructor(private readonly operations: Operations) {}

  call(input: InputOf<typeof cancelOperation>, call: ToolCall): Promise<OutputOf<typeof cancelOperation>> {
    return this.operations.cancel(call, input.operation_id);
  }
}
