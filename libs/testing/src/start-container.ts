import { collectSettings, Config, ConfigModule } from '@gantry/config';
import type { INestApplicationContext, ModuleMetadata } from '@nestjs/common';

/** A running container of Nest. */
export interface TestContainer {
  readonly app: INestApplicationContext;
  stop(): Promise<void>;
}

class Root {}

/**
 * Starts a container as a service does, without its front ends: with the settings of all its modules, checked, and
 * from `env` alone.
 *
 * @throws what keeps a service from starting: a ConfigError, or what a module or provider threw
 */
export async function startContainer(
  { imports = [], providers = [] }: Pick<ModuleMetadata, 'imports' | 'providers'>,
  env: Readonly<Record<string, string>> = {},
): Promise<TestContainer> {
  // Most who import this package for something else would load a container for nothing.
  const { NestFactory } = await import('@nestjs/core');
  const config = Config.of(collectSettings({ module: Root, imports }), env);
  try {
    const app = await NestFactory.createApplicationContext(
      { module: Root, imports: [ConfigModule.with(config), ...imports], providers },
      { logger: false, abortOnError: false },
    );
    return {
      app,
      async stop() {
        await app.close();
        config.close();
      },
    };
  } catch (error) {
    config.close();
    throw error;
  }
}
