import { AsyncLocalStorage } from 'node:async_hooks';

/** What identifies the tool call that the running code belongs to; in every log line of that call. */
export interface CallContext {
  readonly requestId: string;
  /** W3C trace id, 32 hex digits; absent when the caller sent none and tracing is off. */
  readonly traceId?: string;
  readonly tenant: string;
  readonly tool: string;
}

const storage = new AsyncLocalStorage<CallContext>();

/** Runs `work`, and everything it starts, inside the context of a call. */
export function runInContext<Result>(context: CallContext, work: () => Result): Result {
  return storage.run(context, work);
}

/** The context of the running call; `undefined` outside one. */
export function currentContext(): CallContext | undefined {
  return storage.getStore();
}
