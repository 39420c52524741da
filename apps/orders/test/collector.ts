import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** A span, as far as tests look at it. */
export interface CollectedSpan {
  readonly service: string;
  readonly name: string;
  readonly kind: 'server' | 'client' | 'other';
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
}

/** An OTLP collector on loopback. */
export interface Collector {
  readonly url: string;
  spansOf(traceId: string): CollectedSpan[];
  close(): Promise<void>;
}

/** The body of an OTLP/HTTP trace export in JSON. */
interface TraceExport {
  resourceSpans: {
    resource: { attributes: { key: string; value: { stringValue?: string } }[] };
    scopeSpans: {
      spans: { name: string; kind: number; traceId: string; spanId: string; parentSpanId?: string }[];
    }[];
  }[];
}

const KINDS: Readonly<Record<number, CollectedSpan['kind']>> = { 2: 'server', 3: 'client' };

/** Starts a collector that keeps what it gets. */
export async function startCollector(): Promise<Collector> {
  const spans: CollectedSpan[] = [];
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      spans.push(...spansIn(body as TraceExport));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spansOf: (traceId) => spans.filter((span) => span.traceId === traceId),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function spansIn({ resourceSpans }: TraceExport): CollectedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const name = resource.attributes.find(({ key }) => key === 'service.name');
    const service = name?.value.stringValue ?? '';
    return scopeSpans.flatMap((scope) =>
      scope.spans.map(({ name, kind, traceId, spanId, parentSpanId }) => ({
        service,
        name,
        kind: KINDS[kind] ?? 'other',
        traceId,
        spanId,
        parentSpanId,
      })),
    );
  });
}
