import { Config, type Secret } from '@gantry/config';
import { HealthRegistry, Log, Metrics, ServiceInfo } from '@gantry/observability';
import { metricValue } from '@gantry/testing';
import { Redis, redisSettings } from '../src/index.ts';

/** One process of a service, as far as Redis goes; more patient than in production, for machines that are busy. */
export interface Replica {
  readonly redis: Redis;
  readonly health: HealthRegistry;
  readonly url: Secret | undefined;
  lines(): Record<string, unknown>[];
  messages(): string[];
  metric(name: string, labels?: Record<string, string>): Promise<number | undefined>;
  stop(): void;
}

export async function startReplica(env: Record<string, string> = {}): Promise<Replica> {
  const written: string[] = [];
  const log = Log.create({ destination: { write: (line) => void written.push(line) } });
  const config = Config.of([redisSettings], { MCP_REDIS_COMMAND_TIMEOUT_MS: '300', ...env });
  const metrics = new Metrics();
  const health = new HealthRegistry(Log.silent());
  const redis = await Redis.create(config, new ServiceInfo('orders', '1.2.0'), metrics, log, health);
  await redis.onModuleInit();
  const lines = () => written.map((line) => JSON.parse(line) as Record<string, unknown>);
  return {
    redis,
    health,
    url: config.get(redisSettings).url,
    lines,
    messages: () => lines().map(({ msg }) => msg as string),
    metric: (name, labels) => metricValue(metrics.registry, name, labels),
    stop: () => redis.onApplicationShutdown(),
  };
}
