import { Module, type DynamicModule } from '@nestjs/common';
import { Config } from './config.ts';

/** Makes the {@link Config} that was loaded before the container available to everything in it. */
@Module({})
export class ConfigModule {
  /** Global: imported once, at the root. Whoever loaded the config closes it. */
  static with(config: Config): DynamicModule {
    return {
      module: ConfigModule,
      global: true,
      providers: [{ provide: Config, useValue: config }],
      exports: [Config],
    };
  }
}
