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

/**
 * A failure outside of tool calls, where there is no result to put it in: a JSON-RPC error with the envelope as its
 * data. What does not exist and what one may not know of are the same.
 */
export function protocolError(error: GantryError, notFound: () => ProtocolError): ProtocolError {
  if (error.code === 'not_found' || error.code === 'permission_denied') return notFound();
  const code =
    error.code === 'validation_error' ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError;
  return new ProtocolError(code, error.message, error.toEnvelope());
}
