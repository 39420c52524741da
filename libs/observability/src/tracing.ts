import { context, diag, DiagLogLevel, propagation, trace, type Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-node';
import type { Log } from './log.ts';
import type { ServiceInfo } from './service-info.ts';

/** A collector that does not answer must not hold up the shutdown for longer. */
const EXPORT_TIMEOUT_MS = 3_000;

/** Where spans go and how many of them. */
export interface TracingOptions {
  readonly service: ServiceInfo;
  /** Base URL of an OTLP/HTTP collector; without it there are no spans. */
  readonly endpoint?: string | undefined;
  /** Share of the traces begun here, 0 to 1. A caller that has decided already is followed. */
  readonly sampleRatio: number;
}

/** The tracer of this process; off if there is nowhere to send spans to. */
export class Tracing {
  /** `undefined` if tracing is off. */
  readonly tracer: Tracer | undefined;

  /**
   * @param provider - what makes and exports spans. It becomes the global one, with W3C propagation, so that
   *   instrumentation of other libraries finds the active span; `undefined` turns tracing off.
   */
  constructor(
    log: Log,
    private readonly provider?: NodeTracerProvider,
  ) {
    if (!provider) return;
    diag.setLogger(diagnosticsTo(log), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
    provider.register();
    this.tracer = provider.getTracer('@gantry/observability');
  }

  /** Tracing as the options say. */
  static create(log: Log, { service, endpoint, sampleRatio }: TracingOptions): Tracing {
    if (endpoint === undefined) return new Tracing(log);
    const exporter = new OTLPTraceExporter({ url: tracesUrl(endpoint), timeoutMillis: EXPORT_TIMEOUT_MS });
    return new Tracing(
      log,
      new NodeTracerProvider({
        resource: resourceFromAttributes({
          'service.name': service.name,
          'service.version': service.version,
        }),
        sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sampleRatio) }),
        spanProcessors: [new BatchSpanProcessor(exporter)],
      }),
    );
  }

  /** Sends what is left and stops. Never rejects: a collector that is away is logged. */
  async shutdown(): Promise<void> {
    if (!this.provider) return;
    await this.provider.shutdown().catch((error: unknown) => diag.error('The last spans are lost.', error));
    trace.disable();
    propagation.disable();
    context.disable();
    diag.disable();
  }
}

/** The signal's own path under the base URL, as OTEL_EXPORTER_OTLP_ENDPOINT has it. */
function tracesUrl(endpoint: string): string {
  return `${endpoint.replace(/\/+$/, '')}/v1/traces`;
}

/** What OpenTelemetry has to say about itself, failed exports above all. */
function diagnosticsTo(log: Log) {
  const at = (level: 'error' | 'warn' | 'info' | 'debug' | 'trace') => {
    return (message: string, ...details: unknown[]) =>
      log[level]({ component: 'opentelemetry', ...(details.length > 0 && { details }) }, message);
  };
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug'), verbose: at('trace') };
}
