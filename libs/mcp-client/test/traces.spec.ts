import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { context, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { Log, Tracing } from '@gantry/observability';
import { RemoteOutcomeUnknown, RemoteRefusal, traceContext, type RemoteCallOptions } from '../src/index.ts';
import { failureOf, startCallingService, type CallingService } from './calling-service.ts';
import { cut, done, refusal, startScriptedServer, type ScriptedServer } from './scripted-server.ts';

const TRACE = {
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  tracestate: 'vendor=value',
};

let server: ScriptedServer;
let service: CallingService;
beforeEach(async () => {
  server = await startScriptedServer();
});
afterEach(async () => {
  await service.close();
  await server.close();
});

const pay = (options: Partial<RemoteCallOptions> = {}) =>
  service.payments.call('process_payment', {}, { tenant: 'acme', ...options });

/** The trace contexts that arrived, in `_meta` and in the headers. */
function arrived() {
  return server.asked.map(({ headers, message }) => {
    const { traceparent, tracestate } = message.params._meta;
    expect(headers['traceparent']).toBe(traceparent);
    expect(headers['tracestate']).toBe(tracestate);
    return { traceparent, tracestate };
  });
}

describe('the trace, with tracing off', () => {
  beforeEach(async () => {
    service = await startCallingService(server.url);
  });

  it('goes through as it came', async () => {
    await pay({ trace: TRACE });
    expect(arrived()).toEqual([TRACE]);
  });

  it('is nothing where there is none', async () => {
    await pay();
    expect(arrived()).toEqual([{}]);
  });

  it('is dropped as far as it is not well-formed, for it came from somebody', async () => {
    const { traceparent } = TRACE;
    await pay({ trace: { traceparent: 'x\r\nhost: evil', tracestate: 'a=b' } });
    await pay({ trace: { traceparent, tracestate: 'a=b\r\nhost: evil' } });
    await pay({ trace: { traceparent, tracestate: 'a=ü' } });
    await pay({ trace: { tracestate: 'a=b' } });
    expect(arrived()).toEqual([{}, { traceparent }, { traceparent }, {}]);
  });
});

describe('the trace, with tracing on', () => {
  let exporter: InMemorySpanExporter;
  let tracing: Tracing;
  beforeEach(async () => {
    exporter = new InMemorySpanExporter();
    const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
    tracing = new Tracing(Log.silent(), provider);
    service = await startCallingService(server.url, { tracing });
  });
  afterEach(() => tracing.shutdown());

  it('is that of the active span, with a client span between', async () => {
    server.answers(done({}));
    const span = tracing.tracer!.startSpan('tools/call pay_order');
    const { traceId, spanId } = span.spanContext();
    await context.with(trace.setSpan(context.active(), span), () => pay({ trace: TRACE }));
    span.end();
    const [client] = exporter.getFinishedSpans();
    expect(client).toMatchObject({
      name: 'tools/call process_payment',
      kind: 2,
      parentSpanContext: { spanId },
      attributes: {
        'mcp.method.name': 'tools/call',
        'gen_ai.tool.name': 'process_payment',
        'server.address': '127.0.0.1',
        'gantry.remote_server': 'payments',
      },
    });
    expect(arrived()[0]!.traceparent).toBe(`00-${traceId}-${client!.spanContext().spanId}-01`);
  });

  it('is the one that a job has kept', async () => {
    await pay({ trace: TRACE });
    const [client] = exporter.getFinishedSpans();
    expect(client!.parentSpanContext).toMatchObject({ spanId: 'b7ad6b7169203331' });
    const [{ traceparent, tracestate }] = arrived() as [ReturnType<typeof arrived>[0]];
    expect(traceparent).toBe(`00-0af7651916cd43dd8448eb211c80319c-${client!.spanContext().spanId}-01`);
    expect(tracestate).toBe('vendor=value');
  });

  it('can be kept for a job', () => {
    const span = tracing.tracer!.startSpan('tools/call pay_order');
    const { traceId, spanId } = span.spanContext();
    const kept = context.with(trace.setSpan(context.active(), span), () => traceContext(TRACE));
    expect(kept).toEqual({ traceparent: `00-${traceId}-${spanId}-01` });
    expect(traceContext(TRACE)).toEqual(TRACE);
  });

  it('shows what a call failed with, and not its text', async () => {
    server.answers(refusal({ code: 'card_declined' }), cut);
    await failureOf(pay(), RemoteRefusal);
    await failureOf(pay(), RemoteOutcomeUnknown);
    await expect(pay({ trace: TRACE, tenant: undefined as never })).rejects.toThrow();
    const spans = exporter.getFinishedSpans();
    expect(spans.map(({ attributes }) => attributes['error.type'])).toEqual([
      'card_declined',
      'dependency_unavailable',
      expect.any(String),
    ]);
    expect(spans[0]!.status).toEqual({ code: 2, message: 'card_declined' });
    expect(spans[0]!.events).toEqual([]);
  });
});
