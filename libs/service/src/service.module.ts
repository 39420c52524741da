import { UsesSettings, ConfigModule, type Config } from '@gantry/config';
import { McpModule } from '@gantry/mcp';
import {
  HealthRegistry,
  Log,
  Metrics,
  ObservabilityModule,
  ServiceInfoModule,
  type ServiceInfo,
} from '@gantry/observability';
import { BulkheadStage, Resilience } from '@gantry/resilience';
import { Global, Module, type DynamicModule, type OnModuleInit, type Type } from '@nestjs/common';
import { Plugins } from './plugins/plugins.ts';
import { pluginsSettings } from './plugins/plugins.settings.ts';
import { watchedResilience } from './resilience.ts';
import { serviceSettings } from './service.settings.ts';
import { HealthCheckTool } from './standard/health-check.tool.ts';
import { ServerSettingsResource } from './standard/server-settings.resource.ts';

/** What every service is made of, around the application's own module. */
@Global()
@Module({
  imports: [ObservabilityModule, McpModule],
  providers: [
    BulkheadStage,
    HealthCheckTool,
    ServerSettingsResource,
    { provide: Resilience, inject: [Metrics, HealthRegistry, Log], useFactory: watchedResilience },
  ],
  exports: [Resilience],
})
@UsesSettings(pluginsSettings, serviceSettings)
export class ServiceModule implements OnModuleInit {
  constructor(
    private readonly plugins: Plugins,
    private readonly log: Log,
  ) {}

  /** The root module of a process. */
  static around(
    application: Type,
    config: Config,
    info: ServiceInfo,
    plugins: Plugins = new Plugins([]),
  ): DynamicModule {
    return {
      module: ServiceModule,
      imports: [ConfigModule.with(config), ServiceInfoModule.with(info), application, ...plugins.modules],
      providers: [{ provide: Plugins, useValue: plugins }],
    };
  }

  onModuleInit(): void {
    for (const { name, version, offer } of this.plugins.all) {
      const tools = offer.tools.map((tool) => tool.name);
      this.log.info({ plugin: name, plugin_version: version, tools }, 'plugin loaded');
    }
  }
}
