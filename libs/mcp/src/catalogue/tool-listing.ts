import type { Effect, ToolContract } from '@gantry/pipeline';
import { z } from 'zod';
import { callerInputOf } from './tool-input.ts';

/** What `tools/list` says of one tool. Field names are wire format. */
export interface ToolListing {
  name: string;
  title: string;
  description: string;
  inputSchema: { type: 'object'; [keyword: string]: unknown };
  outputSchema: { type: 'object'; [keyword: string]: unknown };
  annotations: ToolAnnotations;
  /** Not there for a first version: every tool would cost a model its tokens. */
  _meta?: { [CONTRACT_VERSION_META_KEY]: number };
}

/** Where `tools/list` says which version of a tool's contract it is, from the second on. */
export const CONTRACT_VERSION_META_KEY = 'gantry/contract-version';

interface ToolAnnotations {
  readOnlyHint: boolean;
  destructiveHint: boolean;
  idempotentHint: boolean;
  openWorldHint: boolean;
}

/** Every write is idempotent by its key, so `idempotentHint` is true for all of them. */
const ANNOTATIONS: Record<Effect, ToolAnnotations> = {
  read: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  create: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  update: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  delete: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  external: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
};

/** The listing of a tool. Costly (schema conversion): made once per tool at start. */
export function toolListing(tool: ToolContract): ToolListing {
  const { version = 1 } = tool;
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: jsonSchema(callerInputOf(tool), 'input'),
    outputSchema: jsonSchema(tool.output, 'output'),
    annotations: ANNOTATIONS[tool.effect],
    ...(version > 1 && { _meta: { [CONTRACT_VERSION_META_KEY]: version } }),
  };
}

/**
 * Without `$schema`: 2020-12 is the protocol's default dialect, and clients of the 1.x SDK refuse to compile
 * a schema that names a dialect they do not carry.
 */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): ToolListing['inputSchema'] {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io,
    target: 'draft-2020-12',
    override: ({ jsonSchema: node }) => withoutSafeBounds(node),
  });
  return { ...rest, type: 'object' };
}

/**
 * Zod gives every integer the bounds of safe ones. They tell a model nothing, stand in the list a hundred times, and it
 * pays for each. Zod checks them all the same.
 */
function withoutSafeBounds(node: z.core.JSONSchema.BaseSchema): void {
  if (node.type !== 'integer') return;
  if (node.minimum === Number.MIN_SAFE_INTEGER) delete node.minimum;
  if (node.maximum === Number.MAX_SAFE_INTEGER) delete node.maximum;
}
