import 'reflect-metadata';
import { collectSettings, ConfigError, loadConfig, type Config } from '@gantry/config';
import { Log, NestLog, ServiceInfo } from '@gantry/observability';
import { Migrator } from '@gantry/postgres';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { readFileSync } from 'node:fs';
import { startHttp } from './http-process.ts';
import { loadPlugins } from './plugins/load-plugins.ts';
import { PluginError } from './plugins/plugin-error.ts';
import type { Plugins } from './plugins/plugins.ts';
import { onStopSignal } from './stop-signal.ts';
import { ServiceModule } from './service.module.ts';
import { serviceSettings } from './service.settings.ts';
import { startStdio } from './stdio-process.ts';

/** Exit status for settings and plugins that a start cannot work with, as in sysexits.h. */
const EX_CONFIG = 78;

/**
 * The whole life of a service process: loads the plugins that MCP_PLUGINS names, reads settings, builds the module,
 * and serves until told to stop. `node main.js migrate` applies the database migrations instead, and exits.
 *
 * A start that cannot work ends the process: status 78 and a list of every problem for wrong settings or
 * plugins, status 1 and the reason for anything else.
 *
 * @param application - the app's module
 * @param packageJson - URL of the app's package.json, which names the service and its version; plugins are
 * looked up from there
 * @example
 * ```ts
 * await createService(RecordsModule, new URL('../package.json', import.meta.url));
 * ```
 */
export async function createService(application: Type, packageJson: URL): Promise<void> {
  const info = readInfo(packageJson);
  const { config, plugins } = await configure(application, packageJson);
  try {
    const root = ServiceModule.around(application, config, info, plugins);
    if (process.argv[2] === 'migrate') await migrate(root);
    else await serve(root, config);
    config.close();
  } catch (error) {
    process.stderr.write(`${info.name} failed: ${reasonOf(error)}\n`);
    process.exit(1);
  }
  process.exit(0);
}

async function serve(root: DynamicModule, config: Config): Promise<void> {
  const start = config.get(serviceSettings).transport === 'stdio' ? startStdio : startHttp;
  const { app, finished, stop } = await start(root);
  const log = app.get(Log);
  config.onRotationProblem((problem) => log.warn({ ...problem }, 'a rotated secret was not taken over'));
  await Promise.race([onStopSignal(log), finished]);
  await stop();
}

function readInfo(packageJson: URL): ServiceInfo {
  const { name, version } = JSON.parse(readFileSync(packageJson, 'utf8')) as {
    name: string;
    version: string;
  };
  return new ServiceInfo(name.replace(/^@.*\//, ''), version);
}

/** Plugins come first: they bring settings of their own. */
async function configure(application: Type, packageJson: URL): Promise<{ config: Config; plugins: Plugins }> {
  const service = { module: ServiceModule, imports: [application] };
  try {
    const plugins = await loadPlugins(service, packageJson, process.env);
    const settings = collectSettings({ ...service, imports: [application, ...plugins.modules] });
    return { config: loadConfig(settings), plugins };
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof PluginError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(EX_CONFIG);
  }
}

/** Made, but never initialised: the workers of this version must not begin before its tables are there. */
async function migrate(root: DynamicModule): Promise<void> {
  const app = await NestFactory.create(root, new FastifyAdapter(), { bufferLogs: true, abortOnError: false });
  app.useLogger(app.get(NestLog));
  await app.get(Migrator).run();
  await app.close();
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.stack ?? error.message;
}
