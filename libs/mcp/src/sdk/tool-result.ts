import type { CallResult } from '../catalogue/catalogue.ts';

/** Key under which clients of earlier revisions find the error envelope. */
export const ERROR_META_KEY = 'gantry/error';

/** The protocol era a result is written for. */
export type Era = 'modern' | 'legacy';

/** A `tools/call` result. Field names are wire format. */
export interface WireToolResult {
  [key: string]: unknown;
  content: { type: 'text'; text: string }[];
  structuredContent?: Record<string, unknown>;
  isError?: boolean;
  _meta?: Record<string, unknown>;
}

/**
 * A call's result as a `tools/call` result.
 *
 * Clients of 2025-11-25 and before get an error envelope as text and in `_meta` only: their SDK validates
 * `structuredContent` against the output schema even when `isError` is true, and would throw.
 */
export function toolResult({ outcome, meta }: CallResult, era: Era): WireToolResult {
  if (outcome.ok) {
    return {
      content: [{ type: 'text', text: JSON.stringify(outcome.output) }],
      structuredContent: outcome.output,
      ...(hasKeys(meta) && { _meta: meta }),
    };
  }
  const envelope = { ...outcome.error.toEnvelope() };
  const content = [{ type: 'text' as const, text: JSON.stringify(envelope) }];
  return era === 'modern'
    ? { content, structuredContent: envelope, isError: true, ...(hasKeys(meta) && { _meta: meta }) }
    : { content, isError: true, _meta: { ...meta, [ERROR_META_KEY]: envelope } };
}

function hasKeys(meta: Record<string, unknown>): boolean {
  for (const _key in meta) return true;
  return false;
}
