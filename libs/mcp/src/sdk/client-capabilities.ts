import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { Era } from './tool-result.ts';

/**
 * What the client declared on this very request. Clients of 2025-11-25 and before declare at a handshake that a
 * stateless server does not remember, and what they write into a request is no declaration: `undefined`.
 */
export function clientCapabilities(ctx: ServerContext, era: Era): ClientCapabilities | undefined {
  if (era !== 'modern') return undefined;
  const envelope: { [CLIENT_CAPABILITIES_META_KEY]?: ClientCapabilities } | undefined = ctx.mcpReq.envelope;
  return envelope?.[CLIENT_CAPABILITIES_META_KEY];
}
