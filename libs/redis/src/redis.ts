import type { Config } from '@gantry/config';
import type { HealthRegistry, Log, Metrics, ServiceInfo } from '@gantry/observability';
import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import type { Redis as IoRedis } from 'ioredis';
import type { RedisClient } from './redis-client.ts';
import { measureRedis } from './redis-metrics.ts';
import { redisSettings } from './settings.ts';

/**
 * The Redis that all replicas of the service share, if there is one. It is never needed: whoever uses it does without
 * while it is away.
 *
 * @example
 * ```ts
 * if (redis.available) await redis.client!.get(key).catch(() => undefined);
 * ```
 */
export class Redis implements OnModuleInit, OnApplicationShutdown {
  /** `undefined` if the service has no Redis. Every key gets the name of the service in front of it. */
  readonly client: IoRedis | undefined;
  readonly #client: RedisClient | undefined;
  #stopRotation = () => {};
  #isClosing = false;

  /** @param Client - ioredis, if there is a Redis; {@link Redis.create} knows */
  constructor(
    Client: typeof RedisClient | undefined,
    config: Config,
    service: ServiceInfo,
    metrics: Metrics,
    private readonly log: Log,
    private readonly health: HealthRegistry,
  ) {
    const { url, commandTimeoutMs } = config.get(redisSettings);
    if (!url || !Client) return;
    const measured = measureRedis(metrics.registry, () => this.available);
    const client = new Client(url.value(), {
      commandTimeoutMs,
      keyPrefix: `${service.name}:`,
      onFailure: (reason) => measured.commandErrors.inc({ reason }),
      onChange: (available, cause) => this.#tell(available, cause),
    });
    this.client = this.#client = client;
    this.#stopRotation = url.onRotate((rotated) => client.moveTo(rotated));
  }

  /** Redis as the settings say. ioredis is loaded only where there is one: others start faster without it. */
  static async create(
    this: void,
    config: Config,
    service: ServiceInfo,
    metrics: Metrics,
    log: Log,
    health: HealthRegistry,
  ): Promise<Redis> {
    const { url } = config.get(redisSettings);
    const Client = url && (await import('./redis-client.ts')).RedisClient;
    return new Redis(Client, config, service, metrics, log, health);
  }

  /**
   * Is there a Redis, connected and answering? If not, commands fail at once; asking first saves making an error.
   */
  get available(): boolean {
    return this.#client?.available ?? false;
  }

  /** Waits for the first attempt to connect, so that the first calls find Redis if it is there. */
  async onModuleInit(): Promise<void> {
    const client = this.#client;
    if (!client) {
      this.log.warn(
        {},
        'There is no Redis (MCP_REDIS_URL is not set): rate limits and caches hold for each replica alone. ' +
          'Nothing is wrong with that as long as there is one replica.',
      );
      return;
    }
    this.health.register('redis', () => this.#check(client), { critical: false });
    await client.connect().catch(() => {}); // told already, and tried again
  }

  /** Calls in flight have ended. */
  onApplicationShutdown(): void {
    this.#isClosing = true;
    this.#stopRotation();
    this.#client?.disconnect();
  }

  async #check(client: RedisClient): Promise<void> {
    if (!client.available) throw new Error('Redis is away.', { cause: client.lastError });
    await client.ping();
  }

  #tell(available: boolean, cause: Error | undefined): void {
    if (this.#isClosing) return;
    if (available) this.log.info({}, 'Redis is there: rate limits and caches are shared by all replicas');
    else this.log.warn({ err: cause }, 'Redis is away: rate limits and caches hold for each replica alone');
  }
}
