import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** The body of an OTLP/HTTP trace export, as far as the tests look at it. */
interface TraceExport {
  resourceSpans: { resource: { attributes: unknown[] }; scopeSpans: { spans: unknown[] }[] }[];
}

/** An OTLP collector on loopback. Without a status it takes requests and never answers. */
export async function startCollector(status?: number) {
  const received: { path: string; body: TraceExport }[] = [];
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      received.push({ path: request.url!, body: body as TraceExport });
      if (status !== undefined) response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received, close };
}
