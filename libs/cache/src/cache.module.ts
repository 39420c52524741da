import { UsesSettings } from '@gantry/config';
import { RedisModule } from '@gantry/redis';
import { Global, Module } from '@nestjs/common';
import { Cache } from './cache.ts';
import { cacheSettings } from './settings.ts';

/** The cache that all replicas share. Global. Needs Config, ObservabilityModule and PostgresModule. */
@Global()
@UsesSettings(cacheSettings)
@Module({ imports: [RedisModule], providers: [Cache], exports: [Cache] })
export class CacheModule {}
