import { collectSettings, Config, ConfigModule } from '@gantry/config';
import { ObservabilityModule, ServiceInfo } from '@gantry/observability';
import { describe, expect, it } from '@jest/globals';
import { Global, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Redis, RedisModule } from '../src/index.ts';

@Global()
@Module({
  providers: [{ provide: ServiceInfo, useValue: new ServiceInfo('orders', '1.2.0') }],
  exports: [ServiceInfo],
})
class ServiceInfoModule {}

@Injectable()
class Cache {
  constructor(readonly redis: Redis) {}
}

@Module({ providers: [Cache], exports: [Cache] })
class CacheModule {}

describe('RedisModule', () => {
  it('gives Redis to every module, and needs none to be there', async () => {
    const groups = [RedisModule, ObservabilityModule].flatMap((module) => collectSettings(module));
    const config = Config.of(groups, { MCP_LOG_LEVEL: 'silent' });
    @Module({
      imports: [ConfigModule.with(config), ServiceInfoModule, ObservabilityModule, RedisModule, CacheModule],
    })
    class App {}
    const app = await NestFactory.createApplicationContext(App, { logger: false });
    expect(app.get(Cache).redis.available).toBe(false);
    await app.close();
  });
});
