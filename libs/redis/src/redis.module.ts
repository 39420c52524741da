import { UsesSettings } from '@gantry/config';
import { Global, Module } from '@nestjs/common';
import { Redis } from './redis.ts';
import { redisSettings } from './settings.ts';

/** Redis for every library that can use one. Global. Needs Config and ObservabilityModule. */
@Global()
@UsesSettings(redisSettings)
@Module({ providers: [Redis], exports: [Redis] })
export class RedisModule {}
