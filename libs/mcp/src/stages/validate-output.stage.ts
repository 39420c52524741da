import { isSharedErrorCode, sharedError } from '@gantry/errors';
import {
  failure,
  Stage,
  success,
  type Outcome,
  type StageRun,
  type ToolContract,
  type ToolStage,
} from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';

/**
 * Holds a tool to its word: an output that is not what the contract says, or an error code that the contract
 * does not declare, is a bug of the service and leaves as `internal_error`. It runs inside the savepoint, so a
 * broken promise changes nothing.
 */
@Injectable()
@Stage('validate-output')
export class ValidateOutputStage implements ToolStage {
  forTool(tool: ToolContract): StageRun {
    const declared = new Set(tool.errors);
    return async (call, next) => {
      const outcome = await next(call);
      return outcome.ok ? checked(tool, outcome.output) : declaredOnly(tool, declared, outcome);
    };
  }
}

function checked(tool: ToolContract, output: Record<string, unknown>): Outcome {
  const parsed = tool.output.safeParse(output);
  if (parsed.success) return success(parsed.data);
  return broken(`${tool.name} returned what its contract does not allow.`, parsed.error);
}

function declaredOnly(
  tool: ToolContract,
  declared: ReadonlySet<string>,
  outcome: Outcome & { ok: false },
): Outcome {
  const { error } = outcome;
  if (isSharedErrorCode(error.code) || declared.has(error.code)) return outcome;
  return broken(`${tool.name} answered with the undeclared error ${error.code}.`, error);
}

function broken(message: string, cause: unknown): Outcome {
  return failure(
    sharedError('internal_error', 'The service failed to handle this call.', {
      cause: new Error(message, { cause }),
    }),
  );
}
