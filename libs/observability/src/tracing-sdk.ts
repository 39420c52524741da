import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-node';
import type { TracingOptions } from './tracing.ts';

/** A collector that does not answer must not hold up the shutdown for longer. */
const EXPORT_TIMEOUT_MS = 3_000;

/** What makes spans and sends them to the collector. Apart from `Tracing`, so that the SDK is loaded where it is used. */
export function exportingProvider({
  service,
  endpoint,
  sampleRatio,
}: TracingOptions & { endpoint: string }): NodeTracerProvider {
  const exporter = new OTLPTraceExporter({ url: tracesUrl(endpoint), timeoutMillis: EXPORT_TIMEOUT_MS });
  return new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service.name, 'service.version': service.version }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sampleRatio) }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
}

/** The signal's own path under the base URL, as OTEL_EXPORTER_OTLP_ENDPOINT has it. */
function tracesUrl(endpoint: string): string {
  return `${endpoint.replace(/\/+$/, '')}/v1/traces`;
}
