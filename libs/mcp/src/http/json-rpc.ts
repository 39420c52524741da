import type { IncomingMessage, ServerResponse } from 'node:http';

/** JSON-RPC 2.0: the body is not JSON. */
export const PARSE_ERROR = -32700;
/** JSON-RPC 2.0: the body is JSON, but not one message. */
export const INVALID_REQUEST = -32600;
/** JSON-RPC 2.0: the request asks for what cannot be. */
export const INVALID_PARAMS = -32602;
/** JSON-RPC 2.0: the service failed. */
export const INTERNAL_ERROR = -32603;
/** Implementation-defined: the transport refused the request before it was read as a message. */
export const REFUSED = -32000;

/** The id of a message if it is a request with a usable one, else null. */
export function idOf(message: unknown): string | number | null {
  const id = (message as { id?: unknown } | null)?.id;
  return typeof id === 'string' || typeof id === 'number' ? id : null;
}

/** Answers with a JSON-RPC error and closes the connection if the request's body was not read to its end. */
export function answerError(
  req: IncomingMessage,
  res: ServerResponse,
  status: number,
  error: { code: number; message: string; data?: unknown },
  options: { id?: string | number | null; headers?: Record<string, string> } = {},
): void {
  if (res.headersSent || res.destroyed) return;
  const body = JSON.stringify({ jsonrpc: '2.0', id: options.id ?? null, error });
  if (!req.complete) discardRest(req, res);
  res.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...(!req.complete && { connection: 'close' }),
    ...options.headers,
  });
  res.end(body);
}

/** Answers with a JSON-RPC message, if anybody is there to read it. */
export function sendJson(res: ServerResponse, json: string): void {
  if (res.destroyed) return;
  res.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) });
  res.end(json);
}

/** A client that is still sending must be able to read the answer, but not to send for ever. */
const DISCARD_MS = 2_000;

function discardRest(req: IncomingMessage, res: ServerResponse): void {
  req.resume();
  const timer = setTimeout(() => req.destroy(), DISCARD_MS);
  req.once('close', () => clearTimeout(timer));
  res.once('close', () => clearTimeout(timer));
}
