import { Config, ConfigError, defineSettings, setting, UsesSettings } from '@gantry/config';
import { describe, expect, it } from '@jest/globals';
import { Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { z } from 'zod';
import { startContainer } from './start-container.ts';

const greeting = defineSettings('greeting', {
  word: setting('MCP_GREETING', z.enum(['hello', 'hi']).default('hello'), { description: 'What is said.' }),
});

@Injectable()
class Greeter implements OnApplicationShutdown {
  isGone = false;

  constructor(readonly config: Config) {
    if (this.word === 'hi') throw new Error('Too familiar.');
  }

  get word(): string {
    return this.config.get(greeting).word;
  }

  onApplicationShutdown(): void {
    this.isGone = true;
  }
}

@Module({ providers: [Greeter], exports: [Greeter] })
@UsesSettings(greeting)
class GreetingModule {}

@Injectable()
class Guest {
  constructor(readonly greeter: Greeter) {}
}

describe('a container', () => {
  it('has its modules, its providers and the settings that they need', async () => {
    const { app, stop } = await startContainer({ imports: [GreetingModule], providers: [Guest] });
    const { greeter } = app.get(Guest);
    expect(greeter.word).toBe('hello');
    expect(greeter.config).toBe(app.get(Config));
    expect(greeter.isGone).toBe(false);
    await stop();
    expect(greeter.isGone).toBe(true);
  });

  it('has only the environment it is given', async () => {
    process.env['MCP_GREETING'] = 'good day';
    const { stop } = await startContainer({ imports: [GreetingModule] });
    delete process.env['MCP_GREETING'];
    await stop();
  });

  it.each([
    ['settings', { MCP_GREETING: 'good day' }, ConfigError],
    ['a setting of nobody', { MCP_GREETINGS: 'hello' }, ConfigError],
    ['a provider', { MCP_GREETING: 'hi' }, 'Too familiar.'],
  ])('does not start if %s will not have it', async (_, env, why) => {
    const starting = startContainer({ imports: [GreetingModule] }, env);
    await expect(starting).rejects.toThrow(why);
  });
});
