import { sharedError, type GantryError } from '@gantry/errors';
import {
  failure,
  Stage,
  type Principal,
  type StageRun,
  type ToolContract,
  type ToolStage,
} from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';

/** The scopes of a tool that the principal was not granted. */
export function missingScopes(tool: Pick<ToolContract, 'scopes'>, principal: Principal): string[] {
  return tool.scopes.filter((scope) => !principal.scopes.has(scope));
}

/** Refuses a call whose principal lacks a scope of the tool, and names all that are needed at once. */
@Injectable()
@Stage('authorize')
export class AuthorizeStage implements ToolStage {
  forTool(tool: ToolContract): StageRun | undefined {
    if (tool.scopes.length === 0) return undefined;
    return (call, next) => {
      const missing = missingScopes(tool, call.principal);
      if (missing.length === 0) return next(call);
      return Promise.resolve(failure(refusal(tool, missing)));
    };
  }
}

function refusal({ scopes }: ToolContract, missing: readonly string[]): GantryError {
  return sharedError(
    'permission_denied',
    `This call needs a scope that was not granted: ${missing.join(', ')}.`,
    { details: { required_scopes: scopes, missing_scopes: missing } },
  );
}
