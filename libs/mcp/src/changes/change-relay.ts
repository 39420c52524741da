import { Log, Metrics, ServiceInfo } from '@gantry/observability';
import { Redis } from '@gantry/redis';
import { Injectable, Optional, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { ChangeFeed, type Change } from './change-feed.ts';
import { measureRelay, type RelayMetrics } from './change-metrics.ts';
import { Subscriber, type RedisClient } from './subscriber.ts';

/** Between two attempts to tell the others that they have missed something. */
const RETRY_MS = 1_000;

const notice = z.strictObject({
  from: z.string(),
  change: z.strictObject({ tenant: z.string(), uris: z.array(z.string()), list: z.boolean() }).nullable(),
});

/**
 * Tells the other replicas, through Redis, what changed here, and the listeners here what changed there.
 *
 * While Redis is away, replicas hear of their own changes only. When it is back, all listeners are told that they may
 * have missed something, for which changes went by is not known. Without Redis there is nothing to do.
 */
@Injectable()
export class ChangeRelay implements OnModuleInit, OnApplicationShutdown {
  readonly #self = randomUUID();
  readonly #channel: string;
  readonly #client: RedisClient | undefined;
  readonly #subscriber: Subscriber | undefined;
  readonly #metrics: RelayMetrics | undefined;
  readonly #log: Log;
  #retryTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly feed: ChangeFeed,
    service: ServiceInfo,
    metrics: Metrics,
    log: Log,
    @Optional() redis?: Redis,
  ) {
    this.#channel = `${service.name}:resource-changes`;
    this.#log = log.child({ component: 'change-relay' });
    this.#client = redis?.client;
    if (!this.#client) return;
    this.#metrics = measureRelay(metrics.registry, () => this.isConnected);
    this.#subscriber = new Subscriber(this.#client, this.#channel, {
      onMessage: (message) => this.#receive(message),
      onGap: () => this.feed.tellMissed(),
      onChange: (connected, cause) => this.#report(connected, cause),
    });
  }

  /** Do changes on other replicas reach this one? */
  get isConnected(): boolean {
    return this.#subscriber?.isConnected ?? false;
  }

  /** Waits for the first attempt, so that the first listeners hear everything if Redis is there. */
  async onModuleInit(): Promise<void> {
    await this.#subscriber?.start();
  }

  onApplicationShutdown(): void {
    clearTimeout(this.#retryTimer);
    this.#subscriber?.stop();
  }

  /** Tells the other replicas. Never fails: if Redis is away, they are told later that they missed something. */
  send(change: Change): void {
    void this.#publish(change);
  }

  async #publish(change: Change | null): Promise<void> {
    if (!this.#client) return;
    try {
      await this.#client.publish(this.#channel, JSON.stringify({ from: this.#self, change }));
    } catch (error) {
      this.#metrics?.failures.inc();
      this.#log.debug({ err: error }, 'the other replicas were not told of a change');
      this.#retryTimer ??= setTimeout(() => {
        this.#retryTimer = undefined;
        void this.#publish(null);
      }, RETRY_MS).unref();
    }
  }

  #receive(message: string): void {
    const parsed = notice.safeParse(parseJson(message));
    if (!parsed.success) return this.#log.warn({}, 'a notice of changes is not what it should be');
    const { from, change } = parsed.data;
    if (from === this.#self) return;
    if (change) this.feed.tell(change);
    else this.feed.tellMissed();
  }

  #report(connected: boolean, cause: Error | undefined): void {
    if (connected) this.#log.info({}, 'listeners hear of changes on all replicas');
    else this.#log.warn({ err: cause }, 'listeners hear of changes on this replica only');
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
