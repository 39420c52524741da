import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Tracer,
} from '@opentelemetry/api';
import { GantryError } from '@gantry/errors';
import { RemoteRefusal, type RemoteTool } from './remote-errors.ts';
import { traceContext, type TraceContext } from './trace-context.ts';

/**
 * Does a call in a client span of its own, by the OpenTelemetry conventions for MCP, and tells it the trace context to
 * send along. With tracing off there is no span, and the trace goes through as it came.
 */
export async function inClientSpan<T>(
  tracer: Tracer | undefined,
  { server, tool }: RemoteTool,
  url: URL,
  given: TraceContext | undefined,
  work: (trace: TraceContext) => Promise<T>,
): Promise<T> {
  if (tracer === undefined) return work(traceContext(given));
  const attributes = {
    'mcp.method.name': 'tools/call',
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': tool,
    'server.address': url.hostname,
    ...(url.port !== '' && { 'server.port': Number(url.port) }),
    'gantry.remote_server': server,
  };
  const parent = parentOf(given);
  const span = tracer.startSpan(`tools/call ${tool}`, { kind: SpanKind.CLIENT, attributes }, parent);
  return context.with(trace.setSpan(parent, span), async () => {
    try {
      return await work(traceContext());
    } catch (error) {
      const type = errorType(error);
      span.setAttribute('error.type', type);
      span.setStatus({ code: SpanStatusCode.ERROR, message: type });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** A job has no active span, but may have kept the trace context of the call that it goes on with. */
function parentOf(given: TraceContext | undefined): Context {
  const active = context.active();
  return trace.getSpan(active) ? active : propagation.extract(ROOT_CONTEXT, traceContext(given));
}

/** The text of an error is for the logs. */
function errorType(error: unknown): string {
  if (error instanceof RemoteRefusal) return error.refusal.code;
  return error instanceof GantryError ? error.code : 'internal_error';
}
