import { context, propagation } from '@opentelemetry/api';

/** W3C trace context, as it stands in headers and in `_meta`. */
export interface TraceContext {
  readonly traceparent?: string;
  readonly tracestate?: string;
}

const TRACEPARENT = /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}$/;
const TRACESTATE = /^[\x21-\x7e][\x20-\x7e]{0,511}$/;

/**
 * The trace that the running code belongs to, to be passed on, or kept for a job that goes on with it: that of the
 * active span if there is one, otherwise what was given. That came from a caller and goes into a header, so what is
 * not well-formed is dropped.
 *
 * @param given - what came along: the `meta` of a tool call, or what a job has kept
 */
export function traceContext(given: TraceContext = {}): TraceContext {
  const active: { traceparent?: string; tracestate?: string } = {};
  propagation.inject(context.active(), active);
  if (active.traceparent !== undefined) return active;
  const { traceparent, tracestate } = given;
  if (traceparent === undefined || !TRACEPARENT.test(traceparent)) return {};
  if (tracestate === undefined || !TRACESTATE.test(tracestate)) return { traceparent };
  return { traceparent, tracestate };
}
