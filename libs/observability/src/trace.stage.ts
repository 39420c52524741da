import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Link,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import {
  Stage,
  type Outcome,
  type RequestMeta,
  type RunningCall,
  type StageRun,
  type ToolContract,
  type ToolStage,
} from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { runInContext } from './call-context.ts';
import { Tracing } from './tracing.ts';

const METHOD = 'tools/call';

/**
 * Opens the context of the call, which every log line inside takes its ids from, and a server span by the
 * OpenTelemetry conventions for MCP, child of the caller's span in `_meta.traceparent`.
 */
@Injectable()
@Stage('trace')
export class TraceStage implements ToolStage {
  constructor(private readonly tracing: Tracing) {}

  /** With tracing off there is no span, only the context. */
  forTool({ name }: ToolContract): StageRun {
    return this.tracing.tracer ? traced(name, this.tracing.tracer) : untraced(name);
  }
}

function untraced(tool: string): StageRun {
  return (call, next) => enter(call, tool, traceIdOf(call.meta.traceparent), () => next(call));
}

function traced(tool: string, tracer: Tracer): StageRun {
  const name = `${METHOD} ${tool}`;
  return (call, next) => {
    const parent = comesFromTrace(call.meta) ? propagation.extract(ROOT_CONTEXT, call.meta) : ROOT_CONTEXT;
    const span = tracer.startSpan(name, { kind: SpanKind.SERVER, links: ambientLinks() }, parent);
    // Nine of ten are not, in production: what nobody sees is not gathered.
    if (span.isRecording()) span.setAttributes(attributesOf(call, tool));
    return context.with(trace.setSpan(parent, span), () =>
      enter(call, tool, span.spanContext().traceId, async () => {
        const outcome = await next(call);
        close(span, outcome);
        return outcome;
      }),
    );
  };
}

function comesFromTrace({ traceparent, baggage }: RequestMeta): boolean {
  return traceparent !== undefined || baggage !== undefined;
}

function enter<Result>(
  call: RunningCall,
  tool: string,
  traceId: string | undefined,
  work: () => Result,
): Result {
  const { requestId, principal } = call;
  return runInContext(
    { requestId, tenant: principal.tenant, tool, ...(traceId !== undefined && { traceId }) },
    work,
  );
}

function attributesOf({ meta, requestId, principal }: RunningCall, tool: string): Record<string, string> {
  return {
    'mcp.method.name': METHOD,
    'mcp.protocol.version': meta.protocolVersion,
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': tool,
    'network.transport': meta.transport === 'http' ? 'tcp' : 'pipe',
    ...(meta.transport === 'http' && { 'network.protocol.name': 'http' }),
    'gantry.request_id': requestId,
    'gantry.tenant': principal.tenant,
  };
}

/** The span of the transport, if something traces it: a link, for a call's parent is its caller. */
function ambientLinks(): Link[] {
  const ambient = trace.getSpanContext(context.active());
  return ambient ? [{ context: ambient }] : [];
}

/**
 * The conventions want `tool_error` for every result with `isError`. The exception is not recorded: its text is
 * for the logs, where `gantry.error_id` finds it.
 */
function close(span: Span, outcome: Outcome): void {
  if (!outcome.ok && span.isRecording()) {
    span.setAttributes({
      'error.type': 'tool_error',
      'gantry.error_code': outcome.error.code,
      'gantry.error_id': outcome.error.errorId,
    });
    span.setStatus({ code: SpanStatusCode.ERROR, message: outcome.error.code });
  }
  span.end();
}

/** Version, trace id, parent id, flags; later versions may append fields. Ids of zeros alone are invalid. */
const TRACEPARENT = /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})[\da-f]{16}-[\da-f]{2}(?:$|-)/;

function traceIdOf(traceparent: string | undefined): string | undefined {
  return traceparent === undefined ? undefined : TRACEPARENT.exec(traceparent)?.[1];
}
