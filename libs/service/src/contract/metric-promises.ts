import { collectSettings, Config, type Environment } from '@gantry/config';
import { Metrics, ServiceInfo } from '@gantry/observability';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { ServiceModule } from '../service.module.ts';
import type { MetricPromise } from './service-contract.ts';

/** What every Node process exports has other names, and differs by platform. */
const OURS = /^mcp_/;

/**
 * The metrics of a service that is built and not started: none of its parts has been told to begin, so it has no
 * connection, and needs no database.
 */
export async function metricPromises(application: Type, env: Environment): Promise<MetricPromise[]> {
  const settings = collectSettings({ module: ServiceModule, imports: [application] });
  const config = Config.of(settings, { MCP_LOG_LEVEL: 'silent', ...env });
  const root = ServiceModule.around(application, config, new ServiceInfo('contract', '0.0.0'));
  const app = await NestFactory.create(root, new FastifyAdapter(), { logger: false, abortOnError: false });
  try {
    const { registry } = app.get(Metrics);
    const measured = await registry.getMetricsAsJSON();
    const labels = new Map(registry.getMetricsAsArray().map((metric) => [metric.name, labelsOf(metric)]));
    return measured
      .filter(({ name }) => OURS.test(name))
      .map(({ name, type, help }) => ({ name, type: String(type), help, labels: labels.get(name)! }));
  } finally {
    await app.close();
    config.close();
  }
}

/** prom-client has them on every metric, and leaves them out of its types. */
function labelsOf(metric: object): readonly string[] {
  return (metric as { labelNames?: readonly string[] }).labelNames ?? [];
}
