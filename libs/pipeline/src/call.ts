import type { ToolContract } from './contract.ts';
import type { Principal } from './principal.ts';

/** What came with a request beside the arguments. */
export interface RequestMeta {
  readonly transport: 'http' | 'stdio';
  readonly protocolVersion: string;
  readonly clientName?: string;
  readonly clientVersion?: string;
  /** W3C trace context from `_meta`. */
  readonly traceparent?: string;
  readonly tracestate?: string;
  readonly baggage?: string;
}

/** A tool call as its handler sees it. */
export interface ToolCall {
  /** TypeID `req_…`; in every log line, span and audit row of this call. */
  readonly requestId: string;
  readonly tool: ToolContract;
  readonly principal: Principal;
  readonly meta: RequestMeta;
  /** Aborted when the client goes away, the deadline passes or the service gives up waiting at shutdown. */
  readonly signal: AbortSignal;
  /** When the call must be over, in milliseconds of `performance.now()`; infinite until the deadline stage ran. */
  readonly deadline: number;
  readonly idempotencyKey: string | undefined;
  /** Tells the client how far the work is; does nothing if the client did not ask. `progress` only grows. */
  reportProgress(progress: number, total?: number, message?: string): void;
}

/** A tool call as the stages see it: the same object, with the parts that stages fill in. */
export interface RunningCall extends ToolCall {
  signal: AbortSignal;
  deadline: number;
  /** As sent: untrusted until the validate-input stage has filled `input`. */
  readonly arguments: unknown;
  /** Set by the validate-input stage: the arguments without the idempotency key. */
  input: Record<string, unknown>;
  /** Set by the validate-input stage. */
  idempotencyKey: string | undefined;
  /** Goes out as `_meta` of the result. */
  readonly resultMeta: Record<string, unknown>;
}
