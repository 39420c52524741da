import { defineTool, Tool, type ToolContract, type ToolHandler } from '@gantry/pipeline';
import { Injectable, Module, type Type } from '@nestjs/common';
import { z } from 'zod';
import { definePlugin, type Plugin } from '../../src/index.ts';

const GANTRY = '0.1.0';

/** A tool that says its name, with what is to be different about its contract. */
export function toolNamed(name: string, changes: Partial<ToolContract> = {}): Type {
  const contract: ToolContract = {
    ...defineTool({
      name,
      title: 'Say your name',
      description:
        'Says its own name. Use it in tests of plugins; nobody else has a use for it. At most 120 calls a minute.',
      input: z.strictObject({}),
      output: z.object({ said: z.string() }),
      scopes: [],
      effect: 'read',
    }),
    ...changes,
  };
  @Injectable()
  @Tool(contract)
  class NamedTool implements ToolHandler<ToolContract> {
    call(): Promise<{ said: string }> {
      return Promise.resolve({ said: name });
    }
  }
  return NamedTool;
}

/** A plugin whose module has these providers and imports. */
export function pluginOf(providers: Type[], imports: Type[] = []): Plugin {
  @Module({ imports, providers })
  class SomeModule {}
  return definePlugin({ gantry: GANTRY, module: SomeModule });
}
