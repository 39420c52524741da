import { Config, UsesSettings } from '@gantry/config';
import { HealthRegistry, Log, Metrics, ServiceInfo } from '@gantry/observability';
import { Global, Module } from '@nestjs/common';
import { Redis } from './redis.ts';
import { redisSettings } from './settings.ts';

/** Redis for every library that can use one. Global. Needs Config and ObservabilityModule. */
@Global()
@UsesSettings(redisSettings)
@Module({
  providers: [
    {
      provide: Redis,
      inject: [Config, ServiceInfo, Metrics, Log, HealthRegistry],
      useFactory: Redis.create,
    },
  ],
  exports: [Redis],
})
export class RedisModule {}
