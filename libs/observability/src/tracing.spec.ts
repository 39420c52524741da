import { afterEach, describe, expect, it } from '@jest/globals';
import { trace } from '@opentelemetry/api';
import { startCollector } from '../test/collector.ts';
import { recordingLog } from '../test/fixtures.ts';
import { Log } from './log.ts';
import { ServiceInfo } from './service-info.ts';
import { Tracing } from './tracing.ts';

const service = new ServiceInfo('orders', '1.2.0');
let collector: Awaited<ReturnType<typeof startCollector>> | undefined;
afterEach(() => collector?.close());

async function tracingTo(status: number | undefined, { log = Log.silent(), sampleRatio = 1 } = {}) {
  collector = await startCollector(status);
  const tracing = await Tracing.create(log, { service, endpoint: `${collector.url}/`, sampleRatio });
  return { tracing, received: collector.received };
}

describe('Tracing', () => {
  it('is off without an endpoint', async () => {
    const tracing = await Tracing.create(Log.silent(), { service, sampleRatio: 1 });
    expect(tracing.tracer).toBeUndefined();
    await expect(tracing.shutdown()).resolves.toBeUndefined();
  });

  it('sends what is left to the collector at shutdown, under the name of the service', async () => {
    const { tracing, received } = await tracingTo(200);
    tracing.tracer!.startSpan('tools/call get_order').end();
    await tracing.shutdown();
    expect(received).toHaveLength(1);
    const { path, body } = received[0]!;
    expect(path).toBe('/v1/traces');
    expect(body.resourceSpans[0]!.resource.attributes).toEqual(
      expect.arrayContaining([
        { key: 'service.name', value: { stringValue: 'orders' } },
        { key: 'service.version', value: { stringValue: '1.2.0' } },
      ]),
    );
    expect(body.resourceSpans[0]!.scopeSpans[0]!.spans).toMatchObject([{ name: 'tools/call get_order' }]);
  });

  it('records the share it was told', async () => {
    const { tracing, received } = await tracingTo(200, { sampleRatio: 0 });
    tracing.tracer!.startSpan('tools/call get_order').end();
    await tracing.shutdown();
    expect(received).toHaveLength(0);
  });

  it.each([
    ['refuses', 400],
    ['does not answer', undefined],
  ])('logs that a collector %s, and shuts down all the same', async (_, status) => {
    const { log, lines } = recordingLog();
    const { tracing, received } = await tracingTo(status, { log });
    tracing.tracer!.startSpan('x').end();
    await tracing.shutdown();
    expect(received).toHaveLength(1);
    expect(lines()).toContainEqual(expect.objectContaining({ level: 'error', component: 'opentelemetry' }));
  });

  it('leaves nothing global behind', async () => {
    const { tracing } = await tracingTo(200);
    await tracing.shutdown();
    expect(trace.getTracer('x').startSpan('x').isRecording()).toBe(false);
  });
});
