import { Config, defineSettings, setting, UsesSettings } from '@gantry/config';
import {
  Prompt,
  Resource,
  ResourceTemplate,
  type PromptHandler,
  type PromptMessage,
  type ResourceHandler,
  type ResourceTemplateHandler,
} from '@gantry/mcp';
import { Injectable, Module } from '@nestjs/common';
import { z } from 'zod';
import { definePlugin } from '../../src/index.ts';
import { toolNamed } from './parts.ts';

const greetingSettings = defineSettings('greeting', {
  greeting: setting('MCP_GREETING', z.string().default('hello'), { description: 'What to say.' }),
});

@Injectable()
@Resource({
  uri: 'test://greeting',
  name: 'greeting',
  title: 'Greeting',
  description: 'A greeting.',
  mimeType: 'text/plain',
  scopes: [],
  ttlMs: 0,
})
class GreetingResource implements ResourceHandler {
  constructor(private readonly config: Config) {}

  read(): Promise<string> {
    return Promise.resolve(this.config.get(greetingSettings).greeting);
  }
}

/** A greeting for somebody. */
@Injectable()
@ResourceTemplate({
  uriTemplate: 'test://greetings/{name}',
  name: 'greetings',
  title: 'Greetings',
  description: 'A greeting for somebody.',
  mimeType: 'text/plain',
  scopes: [],
  ttlMs: 0,
})
export class GreetingsResource implements ResourceTemplateHandler {
  read({ name }: Record<string, string>): Promise<string> {
    return Promise.resolve(`hello ${name}`);
  }
}

/** A prompt. */
@Injectable()
@Prompt({ name: 'greet', title: 'Greet', description: 'Greets.', arguments: z.strictObject({}), scopes: [] })
export class GreetPrompt implements PromptHandler {
  render(): Promise<PromptMessage[]> {
    return Promise.resolve([{ role: 'user', content: { type: 'text', text: 'Say hello.' } }]);
  }
}

@UsesSettings(greetingSettings)
@Module({
  providers: [
    { provide: 'a token of its own', useClass: toolNamed('say_name') },
    GreetingResource,
    GreetingsResource,
    GreetPrompt,
  ],
})
class GoodModule {
  static forRoot() {
    return { module: GoodModule, providers: [toolNamed('say_more')] };
  }
}

export default definePlugin({ gantry: '0.1.7', module: GoodModule.forRoot() });
