import { afterEach, describe, expect, it } from '@jest/globals';
import { sharedError } from '@gantry/errors';
import {
  failure,
  success,
  composePipeline,
  stageSlotOf,
  type Next,
  type RunningCall,
} from '@gantry/pipeline';
import { testCall, type TestCall } from '@gantry/testing';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  ParentBasedSampler,
  SimpleSpanProcessor,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-node';
import { succeed } from '../test/fixtures.ts';
import { currentContext } from './call-context.ts';
import { Log } from './log.ts';
import { TraceStage } from './trace.stage.ts';
import { Tracing } from './tracing.ts';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT_ID = '00f067aa0ba902b7';
const sampled = `00-${TRACE_ID}-${PARENT_ID}-01`;
const notSampled = `00-${TRACE_ID}-${PARENT_ID}-00`;

let active: Tracing | undefined;
afterEach(() => active?.shutdown());

function tracing(ratio = 1) {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  });
  active = new Tracing(Log.silent(), provider);
  return { stage: new TraceStage(active), spans: () => exporter.getFinishedSpans() };
}

const run = (stage: TraceStage, next: Next, call: RunningCall = testCall()) =>
  composePipeline(call.tool, new Map([['trace', stage]]), next)(call);

const withMeta = (meta: TestCall['meta']) => testCall({ meta });

describe('TraceStage', () => {
  it('stands in its slot', () => {
    expect(stageSlotOf(TraceStage)).toBe('trace');
  });

  it('makes a server span by the MCP conventions', async () => {
    const { stage, spans } = tracing();
    const call = testCall();
    await run(stage, succeed, call);
    const [span] = spans();
    expect(span).toMatchObject({ name: 'tools/call get_order', kind: SpanKind.SERVER });
    expect(span!.attributes).toEqual({
      'mcp.method.name': 'tools/call',
      'mcp.protocol.version': '2026-07-28',
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'get_order',
      'network.transport': 'tcp',
      'network.protocol.name': 'http',
      'gantry.request_id': call.requestId,
      'gantry.tenant': 'acme',
    });
    expect(span!.status.code).toBe(SpanStatusCode.UNSET);
  });

  it('names stdio a pipe', async () => {
    const { stage, spans } = tracing();
    await run(stage, succeed, withMeta({ transport: 'stdio' }));
    expect(spans()[0]!.attributes).toMatchObject({ 'network.transport': 'pipe' });
    expect(spans()[0]!.attributes).not.toHaveProperty('network.protocol.name');
  });

  it('continues the trace of the caller, with its state and baggage', async () => {
    const { stage, spans } = tracing();
    const carried: Record<string, string> = {};
    const forward: Next = async (call) => {
      propagation.inject(context.active(), carried);
      return succeed(call);
    };
    await run(stage, forward, withMeta({ traceparent: sampled, tracestate: 'a=1', baggage: 'user=ann' }));
    const span = spans()[0]!;
    expect(span.parentSpanContext).toMatchObject({ traceId: TRACE_ID, spanId: PARENT_ID, isRemote: true });
    expect(carried).toEqual({
      traceparent: `00-${TRACE_ID}-${span.spanContext().spanId}-01`,
      tracestate: 'a=1',
      baggage: 'user=ann',
    });
  });

  it('is the parent of spans made inside, and gives its trace id to the context', async () => {
    const { stage, spans } = tracing();
    let traceId: string | undefined;
    await run(stage, async (call) => {
      await Promise.resolve();
      trace.getTracer('driver').startSpan('select').end();
      traceId = currentContext()?.traceId;
      return succeed(call);
    });
    const [child, span] = spans();
    expect(child!.parentSpanContext?.spanId).toBe(span!.spanContext().spanId);
    expect(traceId).toBe(span!.spanContext().traceId);
  });

  it('links the span of the transport, whose child it is not', async () => {
    const { stage, spans } = tracing();
    const request = trace.getTracer('http').startSpan('POST /mcp');
    await context.with(trace.setSpan(context.active(), request), () => run(stage, succeed));
    expect(spans()[0]!.links).toMatchObject([{ context: { spanId: request.spanContext().spanId } }]);
    expect(spans()[0]!.parentSpanContext).toBeUndefined();
  });

  it('tells that a call failed and where to look, and nothing of the error itself', async () => {
    const { stage, spans } = tracing();
    const error = sharedError('internal_error', 'Broken.', { cause: new Error('db1.internal') });
    await run(stage, async () => failure(error));
    expect(spans()[0]!.attributes).toMatchObject({
      'error.type': 'tool_error',
      'gantry.error_code': 'internal_error',
      'gantry.error_id': error.errorId,
    });
    expect(spans()[0]!.status).toEqual({ code: SpanStatusCode.ERROR, message: 'internal_error' });
    expect(spans()[0]!.events).toEqual([]);
  });

  it('follows the decision of the caller, else the ratio', async () => {
    const never = tracing(0);
    await run(never.stage, succeed);
    await run(never.stage, succeed, withMeta({ traceparent: sampled }));
    expect(never.spans()).toHaveLength(1);
    await active?.shutdown();

    const always = tracing(1);
    await run(always.stage, succeed, withMeta({ traceparent: notSampled }));
    expect(always.spans()).toHaveLength(0);
  });

  describe('with tracing off', () => {
    const off = () => new TraceStage(new Tracing(Log.silent()));

    it('gives the call its context, with the trace id of the caller', async () => {
      const contextIn = async (call: RunningCall) => {
        let seen: unknown;
        await run(off(), async () => ((seen = currentContext()), success({})), call);
        return seen;
      };
      const requestId = 'req_1';
      const plain = { requestId, tenant: 'acme', tool: 'get_order' };
      expect(await contextIn(testCall({ requestId }))).toEqual(plain);
      const traced = testCall({ requestId, meta: { traceparent: sampled } });
      expect(await contextIn(traced)).toEqual({ ...plain, traceId: TRACE_ID });
    });

    it.each([
      'nonsense',
      `ff-${TRACE_ID}-${PARENT_ID}-01`,
      `00-${'0'.repeat(32)}-${PARENT_ID}-01`,
      `00-${TRACE_ID}-${'0'.repeat(16)}-01`,
      `00-${TRACE_ID.toUpperCase()}-${PARENT_ID}-01`,
      `00-${TRACE_ID}-${PARENT_ID}-01x`,
    ])('takes no trace id from "%s"', async (traceparent) => {
      let seen: string | undefined = 'unset';
      await run(
        off(),
        async () => ((seen = currentContext()?.traceId), success({})),
        withMeta({ traceparent }),
      );
      expect(seen).toBeUndefined();
    });
  });
});
