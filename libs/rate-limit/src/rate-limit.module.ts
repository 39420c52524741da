import { UsesSettings } from '@gantry/config';
import { RedisModule } from '@gantry/redis';
import { Module } from '@nestjs/common';
import { RateLimitStage } from './rate-limit.stage.ts';
import { rateLimitSettings } from './settings.ts';

/** Rate limits for every tool of the service. */
@UsesSettings(rateLimitSettings)
@Module({ imports: [RedisModule], providers: [RateLimitStage], exports: [RateLimitStage] })
export class RateLimitModule {}
