import { jsonPointer, sharedError, validationError, type GantryError } from '@gantry/errors';
import {
  failure,
  isWrite,
  Stage,
  type RunningCall,
  type StageRun,
  type ToolContract,
  type ToolStage,
} from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { callerInputOf, needsIdempotencyKey } from '../catalogue/tool-input.ts';
import { unstorableText } from './unstorable-text.ts';

/** Hostile input must not be echoed at length through a validator's message. */
const MAX_MESSAGE_LENGTH = 300;

/** Checks the arguments against the contract and splits the idempotency key from them. */
@Injectable()
@Stage('validate-input')
export class ValidateInputStage implements ToolStage {
  forTool(tool: ToolContract): StageRun {
    const schema = callerInputOf(tool);
    const keyRequired = needsIdempotencyKey(tool);
    return (call, next) => {
      const args = call.arguments ?? {};
      const unstorable = unstorableText(args);
      if (unstorable)
        return Promise.resolve(
          failure(validationError('The arguments hold text that cannot be stored.', [unstorable])),
        );
      const parsed = schema.safeParse(args);
      if (!parsed.success) return Promise.resolve(failure(refusal(tool, args, parsed.error, keyRequired)));
      if (isWrite(tool)) splitKey(call, parsed.data);
      else call.input = parsed.data;
      return next(call);
    };
  }
}

function splitKey(call: RunningCall, { idempotency_key: key, ...input }: Record<string, unknown>): void {
  call.idempotencyKey = key as string | undefined;
  call.input = input;
}

function refusal(tool: ToolContract, args: unknown, error: z.ZodError, keyRequired: boolean): GantryError {
  const onlyKeyMissing =
    keyRequired &&
    error.issues.every((issue) => issue.path[0] === 'idempotency_key') &&
    (args as Record<string, unknown>)['idempotency_key'] === undefined;
  if (onlyKeyMissing)
    return sharedError('idempotency_key_required', `${tool.name} needs an idempotency_key.`);
  return validationError(
    `The arguments of ${tool.name} are not valid.`,
    error.issues.map((issue) => ({
      path: jsonPointer(issue.path).slice(0, MAX_MESSAGE_LENGTH),
      message: issue.message.slice(0, MAX_MESSAGE_LENGTH),
    })),
  );
}
