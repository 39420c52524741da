import type { GantryError } from '@gantry/errors';
import { ProtocolError, ProtocolErrorCode, ResourceNotFoundError } from '@modelcontextprotocol/server';

/** Hostile input must not be echoed at length. */
const MAX_ECHO = 200;

/** What is asked for does not exist, or not for this principal: nobody can tell which. */
export function invalidParams(message: string, subject: string): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidParams, `${message}: ${subject.slice(0, MAX_ECHO)}`);
}

/** -32602, as 2026-07-28 wants it. */
export function resourceNotFound(uri: string): ProtocolError {
  return new ResourceNotFoundError(uri.slice(0, MAX_ECHO));
}

/** The caller's affair: nothing but other parameters would help. */
const PARAMETERS: ReadonlySet<string> = new Set(['validation_error', 'not_found']);

/**
 * A failure outside of tool calls, where there is no result to put it in: a JSON-RPC error with the envelope as its
 * data.
 *
 * @param unknown - said of what does not exist and of what one may not know of, where these must be the same
 */
export function protocolError(error: GantryError, unknown?: () => ProtocolError): ProtocolError {
  if (unknown && (error.code === 'not_found' || error.code === 'permission_denied')) return unknown();
  const code = PARAMETERS.has(error.code) ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError;
  return new ProtocolError(code, error.message, error.toEnvelope());
}
