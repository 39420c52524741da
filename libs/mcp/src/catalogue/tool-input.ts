import { idempotencyKey, type Effect, type ToolContract } from '@gantry/pipeline';
import type { z } from 'zod';

const KEY_REQUIRED: ReadonlySet<Effect> = new Set(['create', 'external']);

/** Must a call of this tool carry an `idempotency_key`? */
export function needsIdempotencyKey(tool: ToolContract): boolean {
  return KEY_REQUIRED.has(tool.effect);
}

/** The input as callers send it: the contract's own fields, strict, plus the key that follows from `effect`. */
export function callerInputOf(tool: ToolContract): z.ZodObject {
  const { input } = tool;
  // Zod drops what was said about a schema from those that are made of it.
  return withKey(tool)
    .strict()
    .meta(input.meta() ?? {});
}

function withKey(tool: ToolContract): z.ZodObject {
  if (tool.effect === 'read') return tool.input;
  const key = needsIdempotencyKey(tool) ? idempotencyKey : idempotencyKey.optional();
  return tool.input.extend({ idempotency_key: key });
}
