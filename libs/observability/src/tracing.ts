import { context, diag, DiagLogLevel, propagation, trace, type Tracer } from '@opentelemetry/api';
import type { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { Log } from './log.ts';
import type { ServiceInfo } from './service-info.ts';

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

  /** Tracing as the options say. The SDK is loaded only if there are spans: others start faster without it. */
  static async create(log: Log, { service, endpoint, sampleRatio }: TracingOptions): Promise<Tracing> {
    if (endpoint === undefined) return new Tracing(log);
    const { exportingProvider } = await import('./tracing-sdk.ts');
    return new Tracing(log, exportingProvider({ service, endpoint, sampleRatio }));
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

/** What OpenTelemetry has to say about itself, failed exports above all. */
function diagnosticsTo(log: Log) {
  const at = (level: 'error' | 'warn' | 'info' | 'debug' | 'trace') => {
    return (message: string, ...details: unknown[]) =>
      log[level]({ component: 'opentelemetry', ...(details.length > 0 && { details }) }, message);
  };
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug'), verbose: at('trace') };
}
