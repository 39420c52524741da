import type { DynamicModule, Type } from '@nestjs/common';

/** What a package offers to services that name it in MCP_PLUGINS. Made with {@link definePlugin}. */
export interface Plugin {
  /**
   * The version of Gantry that it is written for, such as `1.2.0`. A service that runs another major version
   * refuses it; before 1.0, another minor version.
   */
  readonly gantry: string;
  /** Provides its tools, resources and prompts. May inject whatever the service's global modules export. */
  readonly module: Type | DynamicModule;
}

/**
 * Describes a plugin. It is the default export of the plugin's package.
 *
 * @example
 * ```ts
 * export default definePlugin({ gantry: '0.1.0', module: ChecksModule });
 * ```
 */
export function definePlugin(plugin: Plugin): Plugin {
  return plugin;
}
