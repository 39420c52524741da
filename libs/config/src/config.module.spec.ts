import { describe, expect, it } from '@jest/globals';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { z } from 'zod';
import { ConfigModule } from './config.module.ts';
import { Config } from './config.ts';
import { defineSettings, setting } from './settings.ts';
import { collectSettings, UsesSettings } from './uses-settings.ts';

const settings = defineSettings('greeting', {
  name: setting('MCP_NAME', z.string(), { description: 'Whom to greet.' }),
});

@Injectable()
class Greeter {
  constructor(private readonly config: Config) {}

  greet(): string {
    return `Hello ${this.config.get(settings).name}`;
  }
}

@UsesSettings(settings)
@Module({ providers: [Greeter] })
class GreetingModule {}

describe('ConfigModule', () => {
  it('gives the config to modules that do not import it', async () => {
    const config = Config.of(collectSettings(GreetingModule), { MCP_NAME: 'Ada' });
    @Module({ imports: [ConfigModule.with(config), GreetingModule] })
    class Root {}
    const app = await NestFactory.createApplicationContext(Root, { logger: false });
    expect(app.get(Greeter, { strict: false }).greet()).toBe('Hello Ada');
    await app.close();
  });
});
