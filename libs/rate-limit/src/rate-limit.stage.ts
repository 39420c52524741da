import { Config } from '@gantry/config';
import { sharedError } from '@gantry/errors';
import { Metrics } from '@gantry/observability';
import {
  failure,
  Stage,
  type Failure,
  type StageRun,
  type ToolContract,
  type ToolStage,
} from '@gantry/pipeline';
import { Redis } from '@gantry/redis';
import { Injectable } from '@nestjs/common';
import type { Redis as IoRedis } from 'ioredis';
import type { Counter } from 'prom-client';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import { LocalWindows, WINDOW_SECONDS } from './local-windows.ts';
import { principalKey } from './principal-key.ts';
import { measureFallback } from './rate-limit.metrics.ts';
import { rateLimitSettings } from './settings.ts';

/** Principals that a replica remembers per tool: a few MiB at most. */
const CAPACITY = 10_000;

/**
 * Refuses a call when its principal has used up the tool's `callsPerMinute`: in the whole fleet if there is a Redis,
 * in this replica if there is none or while it is away.
 */
@Injectable()
@Stage('rate-limit')
export class RateLimitStage implements ToolStage {
  readonly #enabled: boolean;
  readonly #fallbacks: Counter | undefined;

  constructor(
    config: Config,
    metrics: Metrics,
    private readonly redis: Redis,
  ) {
    this.#enabled = config.get(rateLimitSettings).enabled;
    this.#fallbacks = redis.client && measureFallback(metrics.registry, () => !redis.available);
  }

  forTool(tool: ToolContract): StageRun | undefined {
    if (!this.#enabled) return undefined;
    const local = new LocalWindows(tool.limits.callsPerMinute, CAPACITY);
    return this.redis.client ? this.#shared(tool, local, this.redis.client) : inProcess(tool, local);
  }

  #shared(tool: ToolContract, local: LocalWindows, client: IoRedis): StageRun {
    const shared = new RateLimiterRedis({
      storeClient: client,
      keyPrefix: `rate-limit:${tool.name}`,
      points: tool.limits.callsPerMinute,
      duration: WINDOW_SECONDS,
    });
    return async (call, next) => {
      const key = principalKey(call.principal);
      // A window that is used up is known until it ends: whoever goes on calling costs Redis nothing.
      const waitMs = local.wait(key) || (await this.#ask(shared, local, key));
      return waitMs === 0 ? next(call) : refusal(tool, waitMs);
    };
  }

  async #ask(shared: RateLimiterRedis, local: LocalWindows, key: string): Promise<number> {
    if (this.redis.available) {
      try {
        // Counts like `consume`, but says that there is nothing left instead of throwing it.
        const { consumedPoints, msBeforeNext } = await shared.penalty(key);
        local.learn(key, consumedPoints, msBeforeNext);
        return consumedPoints > shared.points ? msBeforeNext : 0;
      } catch {
        // Redis has counted and logged it; the call goes on without.
      }
    }
    this.#fallbacks!.inc();
    return local.take(key);
  }
}

function inProcess(tool: ToolContract, local: LocalWindows): StageRun {
  return (call, next) => {
    const waitMs = local.take(principalKey(call.principal));
    return waitMs === 0 ? next(call) : Promise.resolve(refusal(tool, waitMs));
  };
}

function refusal({ name, limits }: ToolContract, waitMs: number): Failure {
  return failure(
    sharedError('rate_limited', `${name} takes at most ${limits.callsPerMinute} calls a minute from you.`, {
      retryAfterSeconds: Math.ceil(waitMs / 1_000),
      details: { limit: limits.callsPerMinute, window_seconds: WINDOW_SECONDS },
    }),
  );
}
