import { defineSettings, setting, UsesSettings } from '@gantry/config';
import { Resource, type ResourceHandler } from '@gantry/mcp';
import { Module } from '@nestjs/common';
import { z } from 'zod';
import { definePlugin, serviceSettings } from '../../src/index.ts';
import { GreetingsResource, GreetPrompt } from './good.ts';
import { toolNamed } from './parts.ts';

@Resource({
  uri: 'config://server-settings',
  name: 'mine',
  title: 'Mine',
  description: 'Mine.',
  mimeType: 'text/plain',
  scopes: [],
  ttlMs: 0,
})
class ClashingResource implements ResourceHandler {
  read(): Promise<string> {
    return Promise.resolve('mine');
  }
}

const mine = defineSettings('mine', { port: setting('MCP_PORT', z.string(), { description: 'Mine.' }) });

@UsesSettings(mine, serviceSettings)
@Module({
  providers: [
    toolNamed('health_check'),
    toolNamed('say_name'),
    ClashingResource,
    GreetingsResource,
    GreetPrompt,
  ],
})
class ClashingModule {}

export default definePlugin({ gantry: '0.1.0', module: ClashingModule });
