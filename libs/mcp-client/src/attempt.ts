import {
  ProtocolError,
  ProtocolErrorCode,
  SdkError,
  SdkErrorCode,
  type CallToolResult,
} from '@modelcontextprotocol/client';
import { AttemptFailed, failed, misconfigured, refused } from './attempt-failed.ts';
import { ConnectionFailed, type Exchange } from './exchange.ts';
import { isDefinite, readRefusal } from './refusal.ts';
import { RemoteContractBroken, type RemoteTool } from './remote-errors.ts';

/** What a tool answered. */
export interface ToolAnswer {
  readonly output: Readonly<Record<string, unknown>>;
  /** The server has done it before, for the same idempotency key, and gave the answer of then. */
  readonly replayed: boolean;
}

/**
 * Makes one attempt and says what came of it.
 *
 * @throws AttemptFailed, or RemoteContractBroken, or what our own code has thrown before anything was sent
 */
export async function attempt(
  remote: RemoteTool,
  exchange: Exchange,
  request: () => Promise<CallToolResult>,
): Promise<ToolAnswer> {
  let result: CallToolResult;
  try {
    result = await request();
  } catch (error) {
    throw failureOf(exchange.failure ?? error, remote, exchange);
  }
  const { isError, structuredContent: content, _meta: meta } = result;
  if (isError === true) throw refusalOf(content, remote, exchange);
  if (!isObject(content)) throw new RemoteContractBroken(remote, 'there is no structured content.');
  return { output: content, replayed: meta?.['idempotent_replay'] === true };
}

function refusalOf(content: unknown, remote: RemoteTool, exchange: Exchange): Error {
  const refusal = readRefusal(content);
  if (refusal === undefined) return new RemoteContractBroken(remote, 'the error has no envelope.');
  if (isDefinite(refusal)) exchange.mayHaveRun = false;
  return refused(refusal);
}

function failureOf(error: unknown, remote: RemoteTool, exchange: Exchange): unknown {
  if (error instanceof AttemptFailed) return error;
  if (error instanceof ConnectionFailed) return failed(error);
  if (error instanceof ProtocolError) {
    if (!REFUSED_UNREAD.has(error.code)) return failed(error);
    exchange.mayHaveRun = false;
    return misconfigured(error);
  }
  if (error instanceof SdkError && ENDED.has(error.code)) return failed(error);
  // Before anything was sent it can only be our own mistake.
  return exchange.mayHaveRun ? new RemoteContractBroken(remote, 'it cannot be read.', error) : error;
}

/** JSON-RPC errors of requests that no tool has seen: among them one for a tool that there is not. */
const REFUSED_UNREAD: ReadonlySet<number> = new Set([
  ProtocolErrorCode.ParseError,
  ProtocolErrorCode.InvalidRequest,
  ProtocolErrorCode.MethodNotFound,
  ProtocolErrorCode.InvalidParams,
  ProtocolErrorCode.UnsupportedProtocolVersion,
  ProtocolErrorCode.MissingRequiredClientCapability,
  // Header and body differ.
  -32020,
]);

/** There was no answer. */
const ENDED: ReadonlySet<SdkErrorCode> = new Set([
  SdkErrorCode.ConnectionClosed,
  SdkErrorCode.RequestTimeout,
]);

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
