import type { z } from 'zod';
import type { ToolContract } from './contract.ts';
import type { Principal } from './principal.ts';
import type { Answer, Question } from './question.ts';

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
  /** Set if the client can put a form before its user while a call is under way. */
  readonly elicitation?: ElicitationMeta;
}

/** What a client that can be asked sends along when it repeats a call with answers. All of it is untrusted. */
export interface ElicitationMeta {
  readonly requestState?: string;
  /** By the key of the question. */
  readonly inputResponses?: Readonly<Record<string, unknown>>;
}

/** The answers that came with a call, as something that can be used once. */
export interface Ticket {
  readonly id: string;
  /** How long its use must be remembered. */
  readonly validSeconds: number;
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
  /** Can the person behind the client be asked? If not, do what the tool's description promises for that case. */
  readonly canAsk: boolean;
  /**
   * Asks the person behind the client, who sees the message and a form with the fields of the schema.
   *
   * The first time this ends the call: whatever it did is rolled back, and its result is the question. The client then
   * repeats the call with the answer, the handler runs again from its start, and this returns the answer. So ask
   * before anything that cannot be rolled back, let what this throws pass, and word the same question the same way:
   * an answer counts only for the very question that was asked.
   *
   * Only tools that write may ask, and only if {@link ToolCall.canAsk}.
   *
   * @param key - names the question within the call
   */
  ask<Schema extends z.ZodObject>(key: string, question: Question<Schema>): Promise<Answer<Schema>>;
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
  /** Set by the elicitation stage. */
  canAsk: boolean;
  /** Set by the elicitation stage. */
  ask: ToolCall['ask'];
  /** Set by the elicitation stage if the call brings answers; the single-use stage sees to it that they count once. */
  ticket?: Ticket;
}
