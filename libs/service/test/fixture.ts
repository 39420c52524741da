import { AuthModule } from '@gantry/auth';
import { collectSettings, Config } from '@gantry/config';
import { ServiceInfo } from '@gantry/observability';
import {
  defineTool,
  Tool,
  type InputOf,
  type OutputOf,
  type ToolCall,
  type ToolHandler,
} from '@gantry/pipeline';
import { Injectable, Module, type DynamicModule } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { Plugins, ServiceModule } from '../src/index.ts';

const waitABit = defineTool({
  name: 'wait_bit',
  title: 'Wait',
  description: 'Waits.',
  input: z.strictObject({ ms: z.number().max(60_000) }),
  output: z.object({ waited: z.boolean() }),
  scopes: [],
  effect: 'read',
});

@Injectable()
@Tool(waitABit)
class WaitABitTool implements ToolHandler<typeof waitABit> {
  async call({ ms }: InputOf<typeof waitABit>, call: ToolCall): Promise<OutputOf<typeof waitABit>> {
    await sleep(ms, undefined, { signal: call.signal }).catch(() => {
      throw call.signal.reason;
    });
    return { waited: true };
  }
}

/** The smallest application: one tool, no database. */
@Module({ imports: [AuthModule.forRoot({})], providers: [WaitABitTool] })
export class FixtureModule {}

/** The audience of its tokens. */
export const AUDIENCE = 'http://fixture.example/mcp';

/** The service without plugins, as their loading sees it. */
export const fixtureService = { module: ServiceModule, imports: [FixtureModule] };

/** Its root module, with these settings. */
export function fixtureRoot(
  env: Record<string, string>,
  plugins = new Plugins([]),
): { root: DynamicModule; config: Config } {
  const settings = collectSettings({ ...fixtureService, imports: [FixtureModule, ...plugins.modules] });
  const config = Config.of(settings, {
    MCP_LOG_LEVEL: 'fatal',
    MCP_PORT: '0',
    MCP_AUTH_AUDIENCE: AUDIENCE,
    ...env,
  });
  const root = ServiceModule.around(FixtureModule, config, new ServiceInfo('fixture', '1.2.3'), plugins);
  return { root, config };
}
