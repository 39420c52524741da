/**
 * The load generator: a process of its own that does what its parent orders. It is written for little cost, since it
 * has a processor to itself at best: undici without promises, bodies and headers made ahead.
 */
import { randomUUID } from 'node:crypto';
import { Client, type Dispatcher } from 'undici';
import { quantile } from '../measure/statistics.ts';
import type { LoadResult, Order } from './order.ts';

process.on('message', (order: Order) => {
  void run(order).then((result) => process.send!(result));
});
process.on('disconnect', () => process.exit(0));

async function run(order: Order): Promise<LoadResult> {
  const { origin, pathname } = new URL(order.url);
  const clients = Array.from({ length: order.connections }, () => new Client(origin, { pipelining: 1 }));
  const headers: Record<string, string>[] =
    order.tokens.length === 0
      ? [order.headers]
      : order.tokens.map((token) => ({ ...order.headers, authorization: `Bearer ${token}` }));
  const bodies = order.bodies.map((body) => body.split('{unique}'));
  const marker = Buffer.from(order.marker);
  const latencies = new Float64Array(order.requests);
  const failures: Record<string, number> = {};
  const unique = randomUUID();
  let sent = 0;
  let wrong = 0;
  let sample = '';
  let hasSample = false;
  const before = process.cpuUsage();
  const begin = performance.now();
  await Promise.all(clients.map((client) => new Promise<void>((resolve) => next(client, resolve))));
  const seconds = (performance.now() - begin) / 1_000;
  const { user, system } = process.cpuUsage(before);
  await Promise.all(clients.map((client) => client.close()));
  latencies.sort();
  return {
    seconds,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    failures,
    wrong,
    sample,
    cpuMicros: user + system,
  };

  function next(client: Client, done: () => void): void {
    if (sent === order.requests) return done();
    const index = sent++;
    const start = performance.now();
    const chunks: Buffer[] = [];
    let status = 0;
    const finish = () => {
      latencies[index] = performance.now() - start;
      const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      if (status !== 200) failures[status] = (failures[status] ?? 0) + 1;
      else if (!body.includes(marker)) wrong++;
      if (status === 200 && !hasSample) {
        hasSample = true;
        sample = body.toString();
      } else if (sample === '') {
        sample = `HTTP ${status} ${body.toString()}`;
      }
      next(client, done);
    };
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart() {},
      onResponseStart: (_controller, statusCode) => void (status = statusCode),
      onResponseData: (_controller, chunk) => void chunks.push(chunk),
      onResponseEnd: finish,
      onResponseError: (_controller, error) => {
        status = 0;
        chunks.push(Buffer.from(String(error)));
        finish();
      },
    };
    client.dispatch(
      {
        path: pathname,
        method: 'POST',
        headers: headers[index % headers.length]!,
        body: bodies[index % bodies.length]!.join(`${unique}-${index}`),
      },
      handler,
    );
  }
}
