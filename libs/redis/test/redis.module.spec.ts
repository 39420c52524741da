import { ObservabilityModule, ServiceInfo, ServiceInfoModule } from '@gantry/observability';
import { startContainer } from '@gantry/testing';
import { describe, expect, it } from '@jest/globals';
import { Injectable, Module } from '@nestjs/common';
import { Redis, RedisModule } from '../src/index.ts';

@Injectable()
class Cache {
  constructor(readonly redis: Redis) {}
}

@Module({ providers: [Cache], exports: [Cache] })
class CacheModule {}

describe('RedisModule', () => {
  it('gives Redis to every module, and needs none to be there', async () => {
    const info = ServiceInfoModule.with(new ServiceInfo('orders', '1.2.0'));
    const { app, stop } = await startContainer(
      { imports: [info, ObservabilityModule, RedisModule, CacheModule] },
      { MCP_LOG_LEVEL: 'silent' },
    );
    expect(app.get(Cache).redis.available).toBe(false);
    await stop();
  });
});
