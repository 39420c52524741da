import { Config, type Environment, type ModuleReference } from '@gantry/config';
import type { DynamicModule, Type } from '@nestjs/common';
import { readFileSync } from 'node:fs';
import { offerOf } from './offer.ts';
import { PluginError } from './plugin-error.ts';
import { locatePlugin } from './plugin-package.ts';
import { pluginProblems } from './plugin-rules.ts';
import type { Plugin } from './plugin.ts';
import { Plugins, type LoadedPlugin } from './plugins.ts';
import { pluginsSettings } from './plugins.settings.ts';
import { releaseLine } from './release-line.ts';

const GANTRY = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

/**
 * Imports the plugins that MCP_PLUGINS names, and checks that they fit the service and each other.
 *
 * @param service - the module of the service without plugins
 * @param packageJson - URL of the app's package.json: packages are looked up from there
 * @throws ConfigError if MCP_PLUGINS is not a list
 * @throws PluginError with every problem of the plugins
 */
export async function loadPlugins(
  service: ModuleReference,
  packageJson: URL,
  env: Environment,
): Promise<Plugins> {
  const names = namesIn(env);
  if (names.length === 0) return new Plugins([]);
  const seen = new Set<unknown>();
  const own = offerOf(service, seen);
  const problems: string[] = [];
  const loaded: LoadedPlugin[] = [];
  for (const name of names) {
    try {
      const { entry, version } = locatePlugin(name, packageJson);
      const { module } = await importPlugin(name, entry);
      loaded.push({ name, version, module, offer: offerOfPlugin(name, module, seen) });
    } catch (error) {
      if (!(error instanceof PluginError)) throw error;
      problems.push(...error.problems);
    }
  }
  problems.push(...pluginProblems({ module: service, offer: own }, loaded));
  if (problems.length > 0) throw new PluginError(problems);
  return new Plugins(loaded);
}

/** The one variable alone: what the others are is known only when the plugins are. */
function namesIn(env: Environment): readonly string[] {
  const config = Config.of([pluginsSettings], { MCP_PLUGINS: env['MCP_PLUGINS'] });
  config.close();
  return config.get(pluginsSettings).names;
}

async function importPlugin(name: string, entry: URL): Promise<Plugin> {
  let exported: unknown;
  try {
    ({ default: exported } = (await import(entry.href)) as { default?: unknown });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PluginError([`plugin ${name} could not be imported: ${reason}`]);
  }
  if (!isPlugin(exported))
    throw new PluginError([
      `plugin ${name} does not describe itself: its default export has to be what definePlugin returns, with gantry (a version such as ${GANTRY}) and module`,
    ]);
  if (releaseLine(exported.gantry) !== releaseLine(GANTRY))
    throw new PluginError([
      `plugin ${name} is written for Gantry ${exported.gantry}, and this service runs ${GANTRY}`,
    ]);
  return exported;
}

function isPlugin(exported: unknown): exported is Plugin {
  if (typeof exported !== 'object' || exported === null) return false;
  const { gantry, module } = exported as { gantry?: unknown; module?: unknown };
  return typeof gantry === 'string' && releaseLine(gantry) !== undefined && isModule(module);
}

function isModule(module: unknown): module is Type | DynamicModule {
  return typeof module === 'function' || typeof (module as DynamicModule | undefined)?.module === 'function';
}

function offerOfPlugin(name: string, module: Type | DynamicModule, seen: Set<unknown>) {
  try {
    return offerOf(module, seen);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new PluginError([`plugin ${name} has a module that cannot be loaded: ${error.message}`]);
  }
}
