import { afterEach, describe, expect, it } from '@jest/globals';
import { collectSettings, Config, ConfigModule } from '@gantry/config';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Gauge } from 'prom-client';
import {
  HealthRegistry,
  Log,
  Metrics,
  NestLog,
  ObservabilityModule,
  observabilitySettings,
  ServiceInfo,
  ServiceInfoModule,
  Tracing,
} from '../src/index.ts';
import { startCollector } from './collector.ts';

const info = new ServiceInfo('orders', '1.2.0');

let app: NestFastifyApplication | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
});

async function start(env: Record<string, string> = {}): Promise<(path: string) => Promise<Response>> {
  const config = Config.of([observabilitySettings], { MCP_LOG_LEVEL: 'silent', ...env });

  @Module({ imports: [ConfigModule.with(config), ServiceInfoModule.with(info), ObservabilityModule] })
  class AppModule {}

  app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter(), {
    bufferLogs: true,
  });
  app.useLogger(app.get(NestLog));
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  return (path) => fetch(url + path);
}

describe('ObservabilityModule', () => {
  it('says which settings it needs', () => {
    expect(collectSettings(ObservabilityModule)).toEqual([observabilitySettings]);
  });

  it('answers /health with every dependency and its details', async () => {
    const get = await start();
    app!.get(HealthRegistry).register('postgres', async () => ({ pool: 10 }));
    const response = await get('/health');
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toContain('no-store');
    expect(await response.json()).toMatchObject({
      status: 'ok',
      details: {
        service: { status: 'up', name: 'orders', version: '1.2.0' },
        postgres: { status: 'up', details: { pool: 10 } },
      },
    });
  });

  it('is not ready while a dependency is down, and ready again after; details are for /health', async () => {
    const get = await start();
    let up = false;
    app!.get(HealthRegistry).register('postgres', async () => {
      if (!up) throw new Error('connect ECONNREFUSED postgres://app:pw@db1.internal:5432');
      return { pool: 10 };
    });
    const down = await get('/health/ready');
    expect(down.status).toBe(503);
    const body = await down.text();
    expect(JSON.parse(body)).toMatchObject({
      status: 'error',
      error: { postgres: { status: 'down', reason: 'The check failed; see the log.' } },
    });
    expect(body).not.toMatch(/db1|ECONNREFUSED|pw/);
    expect((await get('/health')).status).toBe(503);

    up = true;
    const ready = await get('/health/ready');
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({ details: { postgres: { status: 'up' } } });
    expect(await (await get('/health/ready')).text()).not.toContain('pool');
  });

  it('is ready, and says degraded, while a dependency is down that it can do without', async () => {
    const get = await start();
    const away = () => Promise.reject(new Error('away'));
    app!.get(HealthRegistry).register('redis', away, { critical: false });
    for (const path of ['/health', '/health/ready']) {
      const response = await get(path);
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({
        status: 'degraded',
        details: { redis: { status: 'degraded', reason: 'The check failed; see the log.' } },
      });
    }
    app!.get(HealthRegistry).register('postgres', away);
    expect((await get('/health/ready')).status).toBe(503);
  });

  it('is alive whatever its dependencies do', async () => {
    const get = await start();
    app!.get(HealthRegistry).register('postgres', () => Promise.reject(new Error('away')));
    app!.get(HealthRegistry).startDraining();
    const response = await get('/health/live');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'ok' });
  });

  it('is not ready while draining', async () => {
    const get = await start();
    app!.get(HealthRegistry).startDraining();
    const response = await get('/health/ready');
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      error: { service: { status: 'down', reason: 'draining' } },
    });
  });

  it('serves the metrics of the process and of whoever registered some', async () => {
    const get = await start();
    new Gauge({
      name: 'mcp_database_pool_connections',
      help: 'Open connections.',
      registers: [app!.get(Metrics).registry],
    }).set(7);
    const response = await get('/metrics');
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const text = await response.text();
    expect(text).toContain('mcp_database_pool_connections 7');
    expect(text).toContain('process_cpu_seconds_total');
    expect(text).toContain('nodejs_eventloop_lag_seconds');
    expect(text).toContain('# TYPE mcp_requests_total counter');
  });

  it('traces if there is a collector, and sends the last spans when the application closes', async () => {
    const collector = await startCollector(200);
    await start({ MCP_OTLP_ENDPOINT: collector.url });
    app!.get(Tracing).tracer!.startSpan('tools/call get_order').end();
    await app!.close();
    app = undefined;
    collector.close();
    expect(collector.received).toMatchObject([
      { body: { resourceSpans: [{ scopeSpans: [{ spans: [{ name: 'tools/call get_order' }] }] }] } },
    ]);
  });

  it('provides a log', async () => {
    await start();
    expect(app!.get(Log)).toBeInstanceOf(Log);
  });

  it.each([
    ['MCP_LOG_LEVEL', 'loud'],
    ['MCP_OTLP_ENDPOINT', 'ftp://collector'],
    ['MCP_TRACES_SAMPLE_RATIO', '1.5'],
  ])('refuses %s=%s', (name, value) => {
    expect(() => Config.of([observabilitySettings], { [name]: value })).toThrow(name);
  });
});
